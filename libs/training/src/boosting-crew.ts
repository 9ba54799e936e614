import { Worker } from 'node:worker_threads';
import { createShard, finishTree, type Shard, splitLeaf, startTree, takeDerivatives } from './boosting-shard.ts';
import { type BoostingState, operations, slots } from './boosting-state.ts';

/** Looks at shared memory this often before sleeping: about 20 microseconds, the usual gap between two operations. */
const spins = 4000;

/** A worker that says nothing for this long has died. */
const silenceMs = 120_000;

/** The threads of one fit; the caller is the first of them. */
export interface BoostingCrew {
  /** Runs the operation that `control` describes on every shard and returns when all are done. Blocks. */
  run(operation: number): void;
  /** Lets the workers end. */
  close(): Promise<void>;
}

/** Starts `state.threads - 1` workers beside the calling thread. */
export async function createBoostingCrew(state: BoostingState): Promise<BoostingCrew> {
  const { control } = state;
  const shard = createShard(state, 0);
  const workers = Array.from(
    { length: state.threads - 1 },
    (_, i) => new Worker(new URL('./boosting-worker.ts', import.meta.url), { workerData: { state, thread: i + 1 } }),
  );
  const exits = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  const begin = (operation: number) => {
    control[slots.operation] = operation;
    Atomics.store(control, slots.done, 0);
    Atomics.add(control, slots.generation, 1);
    Atomics.notify(control, slots.generation);
  };
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  return {
    run(operation) {
      begin(operation);
      runOperation(state, shard, operation);
      for (let done = 0; done < workers.length; ) {
        const now = awaitChange(control, slots.done, done, silenceMs);
        if (now === done || control[slots.failed] === 1)
          throw new Error('a training thread stopped; see its error above');
        done = now;
      }
    },
    async close() {
      begin(operations.stop);
      await Promise.all(exits);
    },
  };
}

/** Waits until `control[slot]` is no longer `from`, and returns its value then (or `from` after `timeoutMs`). */
export function awaitChange(control: Int32Array, slot: number, from: number, timeoutMs: number): number {
  for (let i = 0; i < spins; i++) {
    const now = Atomics.load(control, slot);
    if (now !== from) return now;
  }
  Atomics.wait(control, slot, from, timeoutMs);
  return Atomics.load(control, slot);
}

/** Runs one operation on one shard. */
export function runOperation(state: BoostingState, shard: Shard, operation: number): void {
  if (operation === operations.split) splitLeaf(state, shard);
  else if (operation === operations.start) startTree(state, shard);
  else if (operation === operations.finish) finishTree(state, shard);
  else if (operation === operations.derive) takeDerivatives(state, shard);
}
