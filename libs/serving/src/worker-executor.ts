import { setTimeout as wait } from 'node:timers/promises';
import { ServiceError } from '@repo/contract/service-error';
import type { Executor } from './executor.ts';
import { startWorkerSlot, type WorkerSlot } from './worker-slot.ts';

export interface WorkerExecutorOptions {
  readonly name: string;
  readonly model: Uint8Array;
  /** Threads, each with the model of its own. */
  readonly workers: number;
  readonly hardTimeoutMs: number;
  /** Hears that a thread ended by itself, and why. */
  lost(reason: string): void;
  /** Hears that a lost thread was replaced, so that there is a slot more. */
  replaced(): void;
}

const longestPauseMs = 10_000;

/** Wait before a thread is replaced: none the first time, then 100 ms, doubling to 10 s while threads end before a run succeeds. */
const pauseMs = (losses: number): number => (losses <= 1 ? 0 : Math.min(longestPauseMs, 100 * 2 ** (losses - 2)));

/** Runs a model in threads, `first` among them; starts the others and replaces those that end by themselves. Throws as {@link startWorkerSlot}. */
export async function createWorkerExecutor(first: WorkerSlot, options: WorkerExecutorOptions): Promise<Executor> {
  const { name, model, workers, hardTimeoutMs } = options;
  const slots = new Set<WorkerSlot>();
  const replacing = new Set<Promise<void>>();
  const released = new AbortController();
  /** Threads lost since a run last succeeded. */
  let losses = 0;

  const replace = async (): Promise<void> => {
    while (!released.signal.aborted) {
      losses += 1;
      await wait(pauseMs(losses), undefined, { signal: released.signal }).catch(() => {});
      if (released.signal.aborted) return;
      try {
        keep(await startWorkerSlot(name, model));
        return options.replaced();
      } catch (error) {
        options.lost((error as Error).message);
      }
    }
  };
  const keep = (slot: WorkerSlot): void => {
    slots.add(slot);
    void slot.lost.then((reason) => {
      slots.delete(slot);
      options.lost(reason);
      const replacement = replace().finally(() => replacing.delete(replacement));
      replacing.add(replacement);
    });
  };
  const release = async (): Promise<void> => {
    released.abort();
    await Promise.all(replacing);
    await Promise.all([...slots].map((slot) => slot.end()));
  };

  keep(first);
  const others = Array.from({ length: workers - 1 }, async () => keep(await startWorkerSlot(name, model)));
  const started = await Promise.allSettled(others);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await release();
    throw failed.reason;
  }
  return {
    kind: 'worker',
    get slots() {
      return slots.size;
    },
    get ahead() {
      return slots.size;
    },
    run: async (inputs, outputs) => {
      const [first, ...others] = slots;
      if (first === undefined) throw new ServiceError('worker_lost', { path: name, received: 'no thread' });
      const slot = others.reduce((idlest, other) => (other.runs < idlest.runs ? other : idlest), first);
      const result = await slot.run(inputs, outputs);
      losses = 0;
      return result;
    },
    live: () => {
      const latest = performance.now() - hardTimeoutMs;
      return [...slots].every(({ busySinceMs }) => busySinceMs === undefined || busySinceMs >= latest);
    },
    release,
  };
}
