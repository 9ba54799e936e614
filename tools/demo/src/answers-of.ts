import { answerAgain, type LoggedFeatures } from '@repo/experiments/answer-again';
import { readBundle } from '@repo/registry/read-bundle';

/** What the bundle in a folder answers to rows, in their order. Throws Error where it does not take one: then no comparison is fair. */
export async function answersOf(bundleDir: string, rows: readonly LoggedFeatures[]): Promise<Float32Array> {
  const answers = await answerAgain(await readBundle(bundleDir), rows);
  const lacking = answers.filter(Number.isNaN).length;
  if (lacking > 0) throw new Error(`${bundleDir} answers ${lacking} of ${rows.length} rows with nothing`);
  return answers;
}
