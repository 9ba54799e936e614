import type { Job } from './job.ts';
import type { Tensor, TensorData } from './tensor.ts';

/** Rows of a job: the first dimension of its first input; 1 where that has none. */
export const rowsOf = (job: Job): number => job.inputs[0]?.shape[0] ?? 1;

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((name, i) => name === b[i]));
}

/** Whether two shapes are the same but for the number of rows. */
export function sameRow(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 1; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Whether two jobs can share a run: the same outputs wanted, inputs of the same shape but for the rows. Their datatypes are the model's.
 * A job whose inputs have different numbers of rows is the model's to judge and shares with none: joined, the rows of one job could
 * make up for those that another lacks.
 */
export function canShare(a: Job, b: Job): boolean {
  if (!sameNames(a.outputs, b.outputs)) return false;
  const [rowsOfA, rowsOfB] = [rowsOf(a), rowsOf(b)];
  for (let i = 0; i < a.inputs.length; i++) {
    const [one, other] = [(a.inputs[i] as Tensor).shape, (b.inputs[i] as Tensor).shape];
    if (one[0] !== rowsOfA || other[0] !== rowsOfB || !sameRow(one, other)) return false;
  }
  return true;
}

function joinData(parts: readonly TensorData[]): TensorData {
  const [first] = parts;
  if (!ArrayBuffer.isView(first)) return parts.flatMap((part) => [...(part as readonly string[])]);
  const Kind = first.constructor as new (length: number) => Float32Array;
  const joined = new Kind(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part as Float32Array, at);
    at += part.length;
  }
  return joined;
}

/** Tensors of several runs that differ only in the number of rows, the rows of one run after the other. The data is copied. */
export function joinTensors(parts: readonly (readonly Tensor[])[], rows: number): Tensor[] {
  const [first = []] = parts;
  return first.map(({ name, datatype, shape }, i) => ({
    name,
    datatype,
    shape: [rows, ...shape.slice(1)],
    data: joinData(parts.map((tensors) => (tensors[i] as Tensor).data)),
  }));
}

/** The inputs of jobs that can share a run, as {@link joinTensors} joins them. */
export const joinInputs = (jobs: readonly Job[], rows: number): Tensor[] =>
  joinTensors(
    jobs.map(({ inputs }) => inputs),
    rows,
  );

function cut(data: TensorData, from: number, to: number): TensorData {
  return ArrayBuffer.isView(data) ? data.subarray(from, to) : data.slice(from, to);
}

/** Rows `from` to `from + rows` of each tensor, as views into their buffers. */
export function rowsFrom(tensors: readonly Tensor[], from: number, rows: number): Tensor[] {
  return tensors.map(({ name, datatype, shape, data }) => {
    const width = data.length / (shape[0] as number);
    return { name, datatype, shape: [rows, ...shape.slice(1)], data: cut(data, from * width, (from + rows) * width) };
  });
}
