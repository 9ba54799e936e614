import type { Database } from '@repo/datasets/database';
import type { BatchScorer } from '@repo/serving/batch-scorer';
import type { Scorable } from './scorable.ts';

/** Rows of a run: enough that the way to the thread and back costs nothing, few enough to stay in its cache. */
const runRows = 4096;

/** Cuts a stream of row-major values into arrays of `runRows` rows, the last of what is left. */
async function* inRuns(values: AsyncIterable<Float32Array>, width: number): AsyncGenerator<Float32Array<ArrayBuffer>> {
  let [run, filled] = [new Float32Array(runRows * width), 0];
  for await (const part of values) {
    for (let from = 0; from < part.length; ) {
      const taken = part.subarray(from, from + run.length - filled);
      run.set(taken, filled);
      from += taken.length;
      filled += taken.length;
      if (filled < run.length) continue;
      yield run;
      [run, filled] = [new Float32Array(runRows * width), 0];
    }
  }
  if (filled > 0) yield run.slice(0, filled);
}

/**
 * Asks the model about every row and puts the answers into `table`, which has one column `answer`, in the order of the rows. So many runs are under way
 * as the scorer has threads, and one more waits, so that memory holds some thousand rows and 4 bytes for each answer.
 */
export async function answerRows(
  database: Database,
  scorer: BatchScorer,
  { from, features }: Scorable,
  table: string,
  onProgress: (rows: number) => void,
): Promise<void> {
  const answers: Promise<Float32Array>[] = [];
  let done = 0;
  const columns = features.map(({ code, name }) => `${code} AS "${name}"`).join(', ');
  for await (const run of inRuns(database.floats(`SELECT ${columns} FROM ${from}`), features.length)) {
    // One that fails is told of when it is awaited below, not before.
    const answer = scorer.score(run);
    answer.catch(() => {});
    answers.push(answer);
    const oldest = answers[answers.length - 1 - scorer.threads - 1];
    if (oldest === undefined) continue;
    done += (await oldest).length;
    onProgress(done);
  }
  const all = await Promise.all(answers);
  await database.run(`CREATE OR REPLACE TEMP TABLE ${table} (answer DOUBLE)`);
  await database.append(table, all);
}
