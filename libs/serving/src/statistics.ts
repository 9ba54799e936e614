import type { BatchStatistics, Duration, ModelStatistics } from './model-statistics.ts';

/** Milliseconds of the parts of a run. */
interface RunParts {
  readonly inputMs: number;
  readonly inferMs: number;
  readonly outputMs: number;
}

/** Keeps the statistics of a model. */
export interface Statistics {
  /** A run ended that `jobs` shared and that `rows` went through. */
  ran(jobs: number, rows: number, parts: RunParts): void;
  /** A job was answered after so long in all, of which it waited so long. */
  answered(totalMs: number, queuedMs: number): void;
  /** A job failed or was refused after so long. */
  failed(totalMs: number): void;
  /** A job's caller had left. */
  left(): void;
  read(): ModelStatistics;
}

/** Batch sizes that are told apart; larger jobs bring any number, and each would take memory for good. */
const mostSizes = 256;

interface Sum {
  count: number;
  ms: number;
}

const add = (sum: Sum, ms: number, count = 1): void => {
  sum.count += count;
  sum.ms += ms * count;
};
const sum = (): Sum => ({ count: 0, ms: 0 });
const duration = ({ count, ms }: Sum): Duration => ({ count, ns: Math.round(ms * 1e6) });

/** Makes empty statistics. */
export function createStatistics(): Statistics {
  const [success, fail, queue, input, infer, output] = [sum(), sum(), sum(), sum(), sum(), sum()];
  const batches = new Map<number, { input: Sum; infer: Sum; output: Sum }>();
  let [inferences, executions, lastInferenceMs, left] = [0, 0, 0, 0];
  const batchOf = (rows: number) => {
    const known = batches.get(rows);
    if (known !== undefined || batches.size >= mostSizes) return known;
    const made = { input: sum(), infer: sum(), output: sum() };
    batches.set(rows, made);
    return made;
  };
  return {
    ran: (jobs, rows, { inputMs, inferMs, outputMs }) => {
      inferences += rows;
      executions += 1;
      lastInferenceMs = Date.now();
      add(input, inputMs, jobs);
      add(infer, inferMs, jobs);
      add(output, outputMs, jobs);
      const batch = batchOf(rows);
      if (batch === undefined) return;
      add(batch.input, inputMs);
      add(batch.infer, inferMs);
      add(batch.output, outputMs);
    },
    answered: (totalMs, queuedMs) => {
      add(success, totalMs);
      add(queue, queuedMs);
    },
    failed: (totalMs) => add(fail, totalMs),
    left: () => {
      left += 1;
    },
    read: () => ({
      inferences,
      executions,
      lastInferenceMs,
      success: duration(success),
      fail: duration(fail),
      left,
      queue: duration(queue),
      input: duration(input),
      infer: duration(infer),
      output: duration(output),
      batches: [...batches]
        .sort(([a], [b]) => a - b)
        .map(
          ([rows, batch]): BatchStatistics => ({
            rows,
            input: duration(batch.input),
            infer: duration(batch.infer),
            output: duration(batch.output),
          }),
        ),
    }),
  };
}
