import type { ModelContract } from '@repo/contract/model-contract';
import { StageFailure } from '@repo/contract/stage-failure';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Rows per run: enough to amortise the call, small enough to stay in cache. */
const chunkRows = 4096;

/** Scores rows with a model the way the service does: onnxruntime, one thread unless told otherwise. */
export interface OnnxScorer {
  /** Answers of `rows` rows given row-major, as many values each as the contract has features, NaN for missing. */
  score(values: Float32Array, rows: number): Promise<Float32Array>;
  release(): Promise<void>;
}

type Tensors = readonly InferenceSession.ValueMetadata[];
const namesOf = (tensors: Tensors) => tensors.map((t) => t.name).join(', ');

function requireTensor(role: 'input' | 'output', name: string, found: Tensors, width: number): void {
  const tensor = found.find((t) => t.name === name);
  if (tensor === undefined)
    throw new StageFailure(
      `The model has no ${role} "${name}": it has ${namesOf(found)}. Name it so where it is exported.`,
    );
  if (!tensor.isTensor || tensor.type !== 'float32')
    throw new StageFailure(
      `The model's ${role} "${name}" is ${tensor.isTensor ? tensor.type : 'no tensor'}: float32 is needed. Cast it where it is exported.`,
    );
  // A dimension without a fixed length is a symbol or -1.
  const [rows, columns] = tensor.shape;
  const isFixed = (length: unknown): length is number => typeof length === 'number' && length >= 0;
  if (tensor.shape.length !== 2 || isFixed(rows) || (isFixed(columns) && columns !== width))
    throw new StageFailure(
      `The model's ${role} "${name}" has shape [${tensor.shape.join(', ')}]: [n, ${width}] for any n is needed.`,
    );
}

function requireContract(session: InferenceSession, contract: ModelContract): void {
  const { input, output, features } = contract;
  requireTensor('input', input.name, session.inputMetadata, features.length);
  requireTensor('output', output.name, session.outputMetadata, 1);
  const others = session.inputMetadata.filter((t) => t.name !== input.name);
  if (others.length > 0)
    throw new StageFailure(`The model has other inputs besides "${input.name}": ${namesOf(others)}.`);
}

function requireAnswers(answers: Tensor, from: number, count: number, task: ModelContract['task']): Float32Array {
  const data = answers.data as Float32Array;
  if (answers.dims.length !== 2 || data.length !== count)
    throw new StageFailure(`The model answers ${count} rows with a tensor of shape [${answers.dims.join(', ')}].`);
  const isAnswer = (x: number) => Number.isFinite(x) && (task === 'regression' || (x >= 0 && x <= 1));
  const bad = data.findIndex((x) => !isAnswer(x));
  if (bad < 0) return data;
  const allowed = task === 'binary' ? 'a probability in [0, 1]' : 'a finite number';
  throw new StageFailure(`The model answers row ${from + bad} with ${data[bad]}: ${allowed} is needed.`);
}

async function createSession(onnx: Uint8Array, threads: number): Promise<InferenceSession> {
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
  return InferenceSession.create(onnx, options).catch((cause: Error) => {
    throw new StageFailure(`The model cannot be loaded: ${cause.message}`);
  });
}

/**
 * Opens a model and holds it to its contract: one float32 input [n, features], the named float32 output [n, 1].
 * Throws StageFailure where it breaks the contract, cannot be loaded or run, or answers with no finite number or no probability.
 */
export async function createOnnxScorer(
  onnx: Uint8Array,
  contract: ModelContract,
  options: { threads?: number } = {},
): Promise<OnnxScorer> {
  const session = await createSession(onnx, options.threads ?? 1);
  try {
    requireContract(session, contract);
  } catch (error) {
    await session.release();
    throw error;
  }
  const { input, output, task } = contract;
  const width = contract.features.length;

  async function scoreChunk(values: Float32Array, from: number, count: number): Promise<Float32Array> {
    const feeds = { [input.name]: new Tensor('float32', values, [count, width]) };
    const result = await session.run(feeds, [output.name]).catch((cause: Error) => {
      throw new StageFailure(`The model fails on rows ${from} to ${from + count - 1}: ${cause.message}`);
    });
    return requireAnswers(result[output.name] as Tensor, from, count, task);
  }
  async function score(values: Float32Array, rows: number): Promise<Float32Array> {
    const answers = new Float32Array(rows);
    for (let from = 0; from < rows; from += chunkRows) {
      const count = Math.min(chunkRows, rows - from);
      answers.set(await scoreChunk(values.slice(from * width, (from + count) * width), from, count), from);
    }
    return answers;
  }
  return { score, release: () => session.release() };
}
