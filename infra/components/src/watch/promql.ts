/** Sum of the rates of what a selector finds, by some labels or over all. */
export const sumRate = (selector: string, window: string, by: readonly string[] = []): string =>
  `sum${grouped(by)} (rate(${selector}[${window}]))`;

/** Sum of how much what a selector finds grew, by some labels or over all. */
export const sumIncrease = (selector: string, window: string, by: readonly string[] = []): string =>
  `sum${grouped(by)} (increase(${selector}[${window}]))`;

/** A quantile, 0 to 1, of a histogram: `buckets` selects its `_bucket` series. In the unit of the metric. */
export const quantile = (q: number, buckets: string, window: string, by: readonly string[] = []): string =>
  `histogram_quantile(${q}, ${sumRate(buckets, window, ['le', ...by])})`;

/** One part of a whole. NaN while there is nothing of the whole, which no alert takes for a share. */
export const share = (part: string, whole: string): string => `${part} / ${whole}`;

/** A number as PromQL reads it, without the dust of binary fractions: 14.4 * 0.001 is 0.0144. */
export const number = (value: number): string => String(Number(value.toPrecision(6)));

const grouped = (by: readonly string[]): string => (by.length === 0 ? '' : ` by (${by.join(', ')})`);
