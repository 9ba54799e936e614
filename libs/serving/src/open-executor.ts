import type { TensorMetadata } from '@repo/contract/protocol';
import { chooseExecutor } from './choose-executor.ts';
import type { Executor } from './executor.ts';
import { createInlineExecutor } from './inline-executor.ts';
import { randomInputs, type SampleInputs } from './sample-inputs.ts';
import { type WarmUp, warmUp } from './warm-up.ts';
import { createWorkerExecutor, type WorkerExecutorOptions } from './worker-executor.ts';
import { startWorkerSlot, type WorkerSlot } from './worker-slot.ts';

/** Lengths tried for free dimensions of a model that says nothing about them. */
const freeLengths = [8, 1, 64] as const;

export interface OpenExecutorOptions extends WorkerExecutorOptions {
  readonly maxBatchSize: number;
  /** Aborted: nothing more is run, and what it throws is the reason. */
  readonly signal?: AbortSignal | undefined;
  /** Throws InputError when the model is not what it should be; returns the rows to warm it up with, or null for random ones. */
  check(model: Pick<WorkerSlot, 'inputs' | 'outputs' | 'run'>): Promise<SampleInputs | null>;
}

/** A model that was checked, is warm, and runs where it runs best. */
export interface OpenExecutor {
  readonly executor: Executor;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  readonly warm: WarmUp;
}

/** Warms a model up with the rows given, else with random rows of the first free length that it can run with. */
async function warmSlot(
  slot: Pick<WorkerSlot, 'inputs' | 'outputs' | 'run'>,
  sample: SampleInputs | null,
  maxBatchSize: number,
) {
  if (sample !== null) return { sample, warm: await warmUp(slot, slot, sample, maxBatchSize) };
  let failure: unknown;
  for (const freeLength of freeLengths) {
    const random = randomInputs(slot.inputs, freeLength);
    try {
      return { sample: random, warm: await warmUp(slot, slot, random, maxBatchSize) };
    } catch (error) {
      failure ??= error;
    }
  }
  const reason = ((failure as Error).cause as Error | undefined)?.message ?? String(failure);
  const unknown = Number.POSITIVE_INFINITY;
  return {
    sample: null,
    warm: { oneRowMs: unknown, fullBatchMs: unknown, noBatches: `it fails with made-up inputs: ${reason}` },
  };
}

/** The same slot, which starts no run once the signal is aborted. */
const untilAborted = (
  slot: WorkerSlot,
  signal: AbortSignal | undefined,
): Pick<WorkerSlot, 'inputs' | 'outputs' | 'run'> => ({
  inputs: slot.inputs,
  outputs: slot.outputs,
  run: async (inputs, outputs) => {
    signal?.throwIfAborted();
    return slot.run(inputs, outputs);
  },
});

/**
 * Loads a model in a thread, so that a large one never holds the event loop, checks and measures it there, and moves it to this
 * thread when it is small. Throws what `check` and {@link startWorkerSlot} throw, and the reason of the signal.
 */
export async function openExecutor(options: OpenExecutorOptions): Promise<OpenExecutor> {
  const { name, model, maxBatchSize, signal } = options;
  const slot = await startWorkerSlot(name, model);
  const { inputs, outputs } = slot;
  try {
    const checked = untilAborted(slot, signal);
    const { sample, warm } = await warmSlot(checked, await options.check(checked), maxBatchSize);
    // Warm-up takes a run that fails for a fact about the model.
    signal?.throwIfAborted();
    if (sample === null || chooseExecutor(model.length, inputs, warm) === 'worker') {
      return { executor: await createWorkerExecutor(slot, options), inputs, outputs, warm };
    }
    const executor = await createInlineExecutor(name, model);
    try {
      await warmUp(executor, slot, sample, maxBatchSize);
    } catch (error) {
      await executor.release();
      throw error;
    }
    await slot.end();
    return { executor, inputs, outputs, warm };
  } catch (error) {
    await slot.end();
    throw error;
  }
}
