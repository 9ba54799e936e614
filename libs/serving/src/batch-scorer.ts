import { availableParallelism } from 'node:os';
import { goldenSchema } from '@repo/contract/manifest';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { bundleJson } from '@repo/registry/bundle-json';
import { checkContractTensors } from './check-contract-tensors.ts';
import { checkGolden } from './check-golden.ts';
import type { VerifiedBundle } from './open-served-model.ts';
import { startWorkerSlot, type WorkerSlot } from './worker-slot.ts';

/** Scores many rows with the sessions that a service has, which are threads of one core each. */
export interface BatchScorer {
  readonly contract: ModelContract;
  /** Runs that go on at once; more wait. */
  readonly threads: number;
  /**
   * Answers of rows given row-major, NaN for missing, as the model gives them: nothing checks that they are finite. The array is handed over and
   * empty afterwards. Throws ServiceError inference_failed or worker_lost.
   */
  score(values: Float32Array<ArrayBuffer>): Promise<Float32Array>;
  /** Ends the threads. Call it when no score is under way. */
  close(): Promise<void>;
}

export interface BatchScorerOptions {
  /** Default: one for each processor that this process may use. */
  readonly threads?: number;
}

/** Opens as many threads with the model; those that opened are ended again where one does not. */
async function openSlots(name: string, onnx: Uint8Array, threads: number): Promise<WorkerSlot[]> {
  const opened = await Promise.allSettled(Array.from({ length: threads }, () => startWorkerSlot(name, onnx)));
  const slots = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed === undefined) return slots;
  await Promise.all(slots.map((slot) => slot.end()));
  throw failed.reason;
}

/** Makes the scorer of a bundle, held to its contract and its golden rows like a service. Throws InputError for what is wrong. */
export async function openBatchScorer(bundle: VerifiedBundle, options: BatchScorerOptions = {}): Promise<BatchScorer> {
  const { contents } = bundle;
  const contract = bundleJson(contents, 'contract.json', modelContractSchema);
  const golden = bundleJson(contents, 'golden.json', goldenSchema);
  const { threads = availableParallelism() } = options;
  const slots = await openSlots(contract.model, contents['model.onnx'], threads);
  const close = async () => {
    await Promise.all(slots.map((slot) => slot.end()));
  };
  try {
    const [first] = slots as [WorkerSlot];
    checkContractTensors(first.inputs, first.outputs, contract);
    await checkGolden(first, contract, golden);
  } catch (error) {
    await close();
    throw error;
  }
  const { input, output, features } = contract;
  const idle = [...slots];
  const waiting: ((slot: WorkerSlot) => void)[] = [];
  return {
    contract,
    threads,
    score: async (values) => {
      const slot = idle.pop() ?? (await new Promise<WorkerSlot>((resolve) => waiting.push(resolve)));
      try {
        const shape = [values.length / features.length, features.length];
        const { outputs } = await slot.run([{ ...input, shape, data: values }], [output.name]);
        return outputs[0]?.data as Float32Array;
      } finally {
        const next = waiting.shift();
        if (next === undefined) idle.push(slot);
        else next(slot);
      }
    },
    close,
  };
}
