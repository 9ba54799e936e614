import {
  type Adder,
  createShards,
  finishTree,
  type Shard,
  splitLeaf,
  startTree,
  takeDerivatives,
} from './boosting-shard.ts';
import { type BoostingState, histogramStride, operations, shardCount, slots } from './boosting-state.ts';
import { createHistogramKernel } from './histogram-kernel.ts';

/** Looks at shared memory this often before sleeping: about 20 microseconds, the usual gap between two operations. */
const spins = 4000;

/** One thread's view of the shared state. */
export interface BoostingThread {
  /** Takes shards of the current operation until none is left. */
  work(): void;
  /** Does all shards of the current operation, none of which may be on offer. */
  workAlone(): void;
}

/** The thread numbered `thread`, 0 being the caller of the fit. */
export function createBoostingThread(state: BoostingState, thread: number): BoostingThread {
  const { control, tookPart } = state;
  const size = state.features * histogramStride;
  const histogram = state.histograms.subarray(thread * size, (thread + 1) * size);
  const adder: Adder = { histogram, kernel: createHistogramKernel(state.memory, state.features) };
  const shards = createShards(state);
  const take = (number: number) => {
    // An offer is made after its generation is set, so a thread that got a shard sees the right one.
    const generation = Atomics.load(control, slots.generation);
    if (tookPart[thread] !== generation) histogram.fill(0);
    tookPart[thread] = generation;
    runOperation(state, shards[number] as Shard, adder);
  };
  return {
    work() {
      for (;;) {
        const number = Atomics.add(control, slots.next, 1);
        if (number >= shardCount) return;
        take(number);
        if (Atomics.add(control, slots.done, 1) + 1 === shardCount) Atomics.notify(control, slots.done);
      }
    },
    workAlone() {
      for (let number = 0; number < shardCount; number++) take(number);
    },
  };
}

function runOperation(state: BoostingState, shard: Shard, adder: Adder): void {
  const operation = state.control[slots.operation];
  if (operation === operations.split) splitLeaf(state, shard, adder);
  else if (operation === operations.start) startTree(state, shard, adder);
  else if (operation === operations.finish) finishTree(state, shard);
  else takeDerivatives(state, shard);
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
