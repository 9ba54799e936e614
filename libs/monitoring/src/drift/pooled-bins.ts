/** Two histograms over the same bins. */
export interface BinPair {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/** Rows that a bin must be expected to have in the smaller histogram: below it, chi-squared is no law for what chance does. */
const fewestExpected = 5;

const totalOf = (counts: ArrayLike<number>): number =>
  Array.prototype.reduce.call(counts, (a, b) => a + b, 0) as number;

/** Adds a row of both histograms onto the end, or onto the last bin where they are too few for one of their own. */
function addPooled(bins: [number, number][], pool: [number, number], expected: number): void {
  if (pool[0] + pool[1] === 0) return;
  const smallest = bins.reduce((least, bin, i) => (bin[0] < (bins[least]?.[0] ?? Infinity) ? i : least), 0);
  const onto = bins[smallest];
  if (expected >= fewestExpected || onto === undefined) bins.push(pool);
  else bins[smallest] = [onto[0] + pool[0], onto[1] + pool[1]];
}

/**
 * The pair with all bins that the reference expects under 5 rows of the current histogram in put into one, and that one, if still too small, into
 * the smallest other. A hundred rare categories would otherwise look like a drift that they are not. Bins empty in both vanish.
 * Source: W. Cochran, "Some methods for strengthening the common chi-squared tests", Biometrics 10 (1954).
 */
export function poolRareBins(reference: ArrayLike<number>, current: ArrayLike<number>): BinPair {
  const rows = totalOf(reference);
  const size = Math.min(rows, totalOf(current));
  const expectedOf = (count: number): number => (rows === 0 ? 0 : (count / rows) * size);
  const kept: [number, number][] = [];
  const pool: [number, number] = [0, 0];
  for (let bin = 0; bin < reference.length; bin++) {
    const pair: [number, number] = [reference[bin] as number, current[bin] as number];
    if (expectedOf(pair[0]) >= fewestExpected) kept.push(pair);
    else {
      pool[0] += pair[0];
      pool[1] += pair[1];
    }
  }
  addPooled(kept, pool, expectedOf(pool[0]));
  return { reference: Float64Array.from(kept, ([a]) => a), current: Float64Array.from(kept, ([, b]) => b) };
}
