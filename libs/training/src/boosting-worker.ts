import { parentPort, workerData } from 'node:worker_threads';
import { type BoostingState, operations, slots } from './boosting-state.ts';
import { awaitChange, createBoostingThread } from './boosting-thread.ts';

// A training thread: waits for the next operation and takes shards of it, until it is told to stop.
const { state, thread } = workerData as { state: BoostingState; thread: number };
const { control } = state;
const own = createBoostingThread(state, thread);
let generation = Atomics.load(control, slots.generation);
parentPort?.postMessage('ready');
for (;;) {
  const next = awaitChange(control, slots.generation, generation, Infinity);
  if (next === generation) continue;
  generation = next;
  if (control[slots.operation] === operations.stop) break;
  try {
    own.work();
  } catch (error) {
    // The shard counts as done, so that the caller looks at the flag instead of waiting for it.
    console.error(error);
    control[slots.failed] = 1;
    Atomics.add(control, slots.done, 1);
    Atomics.notify(control, slots.done);
  }
}
