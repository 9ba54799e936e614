import type { TensorMetadata } from '@repo/contract/protocol';
import { rowsFrom } from './batch.ts';
import type { Executor } from './executor.ts';
import type { SampleInputs } from './sample-inputs.ts';
import type { Tensor, TensorData } from './tensor.ts';

/** How a warm model runs. */
export interface WarmUp {
  /** Time of a run of one row, in milliseconds. */
  readonly oneRowMs: number;
  /** Time of a run of the largest batch; of one row where rows cannot share a run. */
  readonly fullBatchMs: number;
  /** Why rows cannot share a run; undefined when they can. */
  readonly noBatches: string | undefined;
}

/** Runs no longer than this are quick: they cost the event loop less than the way to a thread and back. */
export const quickMs = { oneRow: 0.2, fullBatch: 2 } as const;

/** Least runs of each size. */
const leastRuns = 3;
/**
 * On a busy machine a quick model looks slow a few times. One that is not quick yet, and not ten times off, gets up to so many runs
 * within so many milliseconds for each size to show that it is.
 */
const [mostRuns, budgetMs] = [50, 100];
/** Rows that are run alone to compare them with the same rows among others. */
const comparedRows = 8;
/** Difference allowed between them, as a share of the largest value, or of 1 where that is more: other orders of summing differ by some 1e-6, a batch that is normalized by tenths. */
const tolerance = 1e-4;

/** Why the shapes forbid that rows share a run, or undefined. */
function fixedRows(inputs: readonly TensorMetadata[], outputs: readonly TensorMetadata[]): string | undefined {
  const fixed = [...inputs, ...outputs].find(({ shape }) => shape[0] !== -1);
  if (fixed === undefined) return undefined;
  return `${fixed.name} has the shape [${fixed.shape.join(',')}], whose first dimension is not free`;
}

function agree(a: TensorData, b: TensorData): boolean {
  if (a.length !== b.length) return false;
  if (!(a instanceof Float32Array || a instanceof Float64Array)) {
    return Array.from<unknown>(a).every((value, i) => value === b[i]);
  }
  let scale = 1;
  for (const value of a) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  for (const [i, value] of a.entries()) {
    if (!Object.is(value, b[i]) && !(Math.abs(value - Number(b[i])) <= tolerance * scale)) return false;
  }
  return true;
}

/** Why the rows of `together`, the outputs of `rows` rows in one run, are not what the rows give alone; undefined when they are. */
async function compareAlone(
  run: Executor['run'],
  sample: readonly Tensor[],
  together: readonly Tensor[],
  rows: number,
): Promise<string | undefined> {
  const odd = together.find(({ shape }) => shape[0] !== rows);
  if (odd !== undefined) return `${rows} rows give a ${odd.name} of the shape [${odd.shape.join(',')}]`;
  const names = together.map(({ name }) => name);
  const step = Math.max(1, Math.floor(rows / comparedRows));
  for (let row = 0; row < rows; row += step) {
    const { outputs } = await run(structuredClone(rowsFrom(sample, row, 1)), names);
    const own = rowsFrom(together, row, 1);
    const other = own.find((output, i) => !agree(output.data, (outputs[i] as Tensor).data));
    if (other !== undefined) return `${other.name} of a row is another when the row is alone`;
  }
  return undefined;
}

/**
 * Runs a model with one row and with `maxBatchSize`, three times each or more, takes the fastest of each, and compares rows of the
 * batch with the same rows alone. Rejects when a run with one row does.
 */
export async function warmUp(
  executor: Pick<Executor, 'run'>,
  { inputs, outputs }: { inputs: readonly TensorMetadata[]; outputs: readonly TensorMetadata[] },
  sample: SampleInputs,
  maxBatchSize: number,
): Promise<WarmUp> {
  const names = outputs.map(({ name }) => name);
  const measure = async (rows: number, quick: number) => {
    let ms = Number.POSITIVE_INFINITY;
    let results: readonly Tensor[] = [];
    const until = performance.now() + budgetMs;
    const isOpen = () => ms > quick && ms <= 10 * quick && performance.now() < until;
    for (let i = 0; i < leastRuns || (i < mostRuns && isOpen()); i++) {
      const result = await executor.run(sample(rows), names);
      ms = Math.min(ms, result.seconds * 1000);
      results = result.outputs;
    }
    return { ms, results };
  };
  const one = await measure(1, quickMs.oneRow);
  const alone = (noBatches: string): WarmUp => ({ oneRowMs: one.ms, fullBatchMs: one.ms, noBatches });
  const fixed = maxBatchSize === 1 ? 'its definition says so' : fixedRows(inputs, outputs);
  if (fixed !== undefined) return alone(fixed);
  try {
    const full = await measure(maxBatchSize, quickMs.fullBatch);
    const noBatches = await compareAlone(executor.run, sample(maxBatchSize), full.results, maxBatchSize);
    return { oneRowMs: one.ms, fullBatchMs: full.ms, noBatches };
  } catch (error) {
    return alone(
      `a run of ${maxBatchSize} rows failed: ${((error as Error).cause as Error | undefined)?.message ?? error}`,
    );
  }
}
