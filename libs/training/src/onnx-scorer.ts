import type { ModelContract } from '@repo/contract/model-contract';
import { StageFailure } from '@repo/contract/stage-failure';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Rows per run: enough to amortise the call, small enough to stay in cache. */
const chunkRows = 4096;

/** Scores rows with a model the way the service does: onnxruntime, one thread. */
export interface OnnxScorer {
  /** Answers of `rows` rows given row-major, `features` values each, NaN for missing. */
  score(values: Float32Array, rows: number): Promise<Float32Array>;
  release(): Promise<void>;
}

function requireTensor(
  name: string,
  found: readonly InferenceSession.ValueMetadata[],
  role: string,
  width: number,
): void {
  const tensor = found.find((t) => t.name === name);
  const names = found.map((t) => t.name).join(', ');
  if (tensor === undefined)
    throw new StageFailure(`The model has no ${role} "${name}": it has ${names}. Name it so in the trainer.`);
  if (!tensor.isTensor || tensor.type !== 'float32')
    throw new StageFailure(`The model's ${role} "${name}" is not a float32 tensor. Cast it in the trainer.`);
  const last = tensor.shape.at(-1);
  if (tensor.shape.length !== 2 || (typeof last === 'number' && last > 0 && last !== width)) {
    throw new StageFailure(
      `The model's ${role} "${name}" has shape [${tensor.shape.join(', ')}]: [n, ${width}] is needed.`,
    );
  }
}

/**
 * Opens a model and holds it to its contract: one float32 input [n, features], the named float32 output [n, 1].
 * Throws StageFailure where it breaks the contract, cannot be loaded, or answers with something that is no finite number.
 */
export async function createOnnxScorer(onnx: Uint8Array, contract: ModelContract): Promise<OnnxScorer> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const session = await InferenceSession.create(onnx, options).catch((cause: unknown) => {
    throw new StageFailure(`The model cannot be loaded: ${(cause as Error).message}`);
  });
  const width = contract.features.length;
  requireTensor(contract.input.name, session.inputMetadata, 'input', width);
  requireTensor(contract.output.name, session.outputMetadata, 'output', 1);
  const others = session.inputNames.filter((name) => name !== contract.input.name);
  if (others.length > 0)
    throw new StageFailure(`The model has other inputs besides "${contract.input.name}": ${others.join(', ')}.`);

  async function score(values: Float32Array, rows: number): Promise<Float32Array> {
    const answers = new Float32Array(rows);
    for (let from = 0; from < rows; from += chunkRows) {
      const count = Math.min(chunkRows, rows - from);
      const part = values.slice(from * width, (from + count) * width);
      const result = await session.run({ [contract.input.name]: new Tensor('float32', part, [count, width]) }, [
        contract.output.name,
      ]);
      const data = result[contract.output.name]?.data as Float32Array;
      const bad = data.length === count ? data.findIndex((x) => !Number.isFinite(x)) : 0;
      if (bad >= 0)
        throw new StageFailure(
          `The model answers row ${from + bad} with ${data[bad]} (${data.length} answers for ${count} rows).`,
        );
      answers.set(data, from);
    }
    return answers;
  }
  return { score, release: () => session.release() };
}
