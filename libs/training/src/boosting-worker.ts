import { parentPort, workerData } from 'node:worker_threads';
import { awaitChange, runOperation } from './boosting-crew.ts';
import { createShard } from './boosting-shard.ts';
import { type BoostingState, operations, slots } from './boosting-state.ts';

// A training thread: waits for the next operation, runs it on its rows, says that it is done.
const { state, thread } = workerData as { state: BoostingState; thread: number };
const { control } = state;
const shard = createShard(state, thread);
let generation = 0;
parentPort?.postMessage('ready');
for (;;) {
  const next = awaitChange(control, slots.generation, generation, Infinity);
  if (next === generation) continue;
  generation = next;
  const operation = control[slots.operation] as number;
  if (operation === operations.stop) break;
  try {
    runOperation(state, shard, operation);
  } catch (error) {
    console.error(error);
    control[slots.failed] = 1;
  }
  Atomics.add(control, slots.done, 1);
  Atomics.notify(control, slots.done);
}
