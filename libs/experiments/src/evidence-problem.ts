import type { BucketCounts } from './canary-evidence.ts';

/** What is wrong with a piece of evidence, as a part of a sentence; null where nothing is. */
export type EvidenceProblem = string | null;

/** Counts of the same requests are extrapolated one by one: a part may come out this much larger than its whole. */
const extrapolation = 0.02;

/** A million a second for eleven days. */
const mostCounted = 1e12;

/** What is wrong with a count: `what` says of what, such as `canary requests`. */
export function countProblem(what: string, count: number | null | undefined): EvidenceProblem {
  if (typeof count !== 'number' || !Number.isFinite(count)) return `${what} are missing`;
  if (count < 0) return `${what} came out negative, as if a counter had run backwards`;
  return count > mostCounted ? `${what} are more than can be` : null;
}

/** What is wrong with a count of some among `whole`. */
export function partProblem(what: string, part: number | null, whole: number | null): EvidenceProblem {
  const problem = countProblem(what, part);
  if (problem !== null || whole === null) return problem;
  return (part as number) > whole * (1 + extrapolation) + 1 ? `${what} are more than there are in all` : null;
}

/** What is wrong with one histogram. */
function bucketProblem(what: string, buckets: BucketCounts | null): EvidenceProblem {
  if (buckets === null || buckets === undefined) return `${what} are missing`;
  const { bounds, counts } = buckets;
  const rises = bounds.every((bound, i) => !Number.isNaN(bound) && (i === 0 || bound > (bounds[i - 1] as number)));
  if (bounds.length === 0 || !rises || counts.length !== bounds.length + 1)
    return `${what} are not counted in rising buckets`;
  for (const count of counts) {
    const problem = countProblem(what, count);
    if (problem !== null) return problem;
  }
  return counts.some((count) => count > 0) ? null : `there are no ${what}`;
}

/** What is wrong with the histograms of two sides, that they cannot be compared. */
export function bucketsProblem(
  what: string,
  stable: BucketCounts | null,
  canary: BucketCounts | null,
): EvidenceProblem {
  const problem = bucketProblem(`stable ${what}`, stable) ?? bucketProblem(`canary ${what}`, canary);
  if (problem !== null) return problem;
  const [a, b] = [(stable as BucketCounts).bounds, (canary as BucketCounts).bounds];
  return a.length === b.length && a.every((bound, i) => bound === b[i])
    ? null
    : `stable and canary ${what} are counted in different buckets`;
}
