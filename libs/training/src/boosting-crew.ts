import { Worker } from 'node:worker_threads';
import { type BoostingState, operations, shardCount, slots } from './boosting-state.ts';
import { awaitChange, createBoostingThread } from './boosting-thread.ts';

/** Operations on fewer rows than this are done alone: waking another thread would take longer than its half of the work. */
const soloRows = 4096;

/** A thread that holds a shard for this long has died. */
const silenceMs = 120_000;

/** The threads of one fit; the caller is the first of them. */
export interface BoostingCrew {
  /** Runs the operation that `control` describes on every shard and returns when all are done; `rows` is how many it touches. Blocks. */
  run(operation: number, rows: number): void;
  /** Lets the workers end. */
  close(): Promise<void>;
}

/** Starts `state.threads - 1` workers beside the calling thread. Rejects when one cannot start. */
export async function createBoostingCrew(state: BoostingState): Promise<BoostingCrew> {
  const { control } = state;
  const own = createBoostingThread(state, 0);
  const workers = Array.from(
    { length: state.threads - 1 },
    (_, i) => new Worker(new URL('./boosting-worker.ts', import.meta.url), { workerData: { state, thread: i + 1 } }),
  );
  Atomics.store(control, slots.next, shardCount);
  const exits = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  await Promise.all(workers.map(started));
  return {
    run(operation, rows) {
      control[slots.operation] = operation;
      Atomics.store(control, slots.done, 0);
      Atomics.add(control, slots.generation, 1);
      if (workers.length === 0 || rows < soloRows) return own.workAlone();
      Atomics.store(control, slots.next, 0);
      Atomics.notify(control, slots.generation);
      own.work();
      for (let done = Atomics.load(control, slots.done); done < shardCount; ) {
        const now = awaitChange(control, slots.done, done, silenceMs);
        if (now === done) throw new Error(`a training thread was silent for ${silenceMs / 1000} s`);
        done = now;
      }
      if (control[slots.failed] === 1) throw new Error('a training thread failed; its error stands above');
    },
    async close() {
      control[slots.operation] = operations.stop;
      Atomics.add(control, slots.generation, 1);
      Atomics.notify(control, slots.generation);
      await Promise.all(exits);
    },
  };
}

function started(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
}
