/** What Prometheus is given: values of series, a minute apart or as a case says, as promtool writes them (`0+5x60`: from 0, 60 times 5 more). */
export type InputSeries = Readonly<Record<string, string>>;

/** What proves an alert: worlds in which it fires, and worlds close by in which it does not. */
export interface AlertCase {
  readonly alert: string;
  /** Minutes after which it is looked at. */
  readonly afterMinutes: number;
  /** Minutes between the values of its series, and between looks at its rules: days of minutes take promtool seconds. Default: 1. */
  readonly everyMinutes?: number;
  readonly fires: readonly InputSeries[];
  readonly quiet: readonly InputSeries[];
}

/** Longest that a case lasts, in minutes. */
const minutes = 240;

/** A counter that grows by so much in a minute. */
export const perMinute = (count: number): string => `0+${Number(count.toPrecision(6))}x${minutes}`;

/** A gauge, or a counter that stands still. */
export const always = (value: number): string => `${value}+0x${minutes}`;

/** A counter that grows by one after five minutes, and then no more. */
export const onceAfterFive = `0x4 1+0x${minutes}`;

/** A share of 1,000 a minute: the part that `bad` selects and the rest. */
export const shareOf = (bad: string, rest: string, share: number): InputSeries => ({
  [bad]: perMinute(1000 * share),
  [rest]: perMinute(1000 * (1 - share)),
});

const series = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;

/** A histogram into which so many observations of each value go in a minute. */
export function histogram(
  name: string,
  labels: Readonly<Record<string, string>>,
  bounds: readonly number[],
  observed: readonly { readonly value: number; readonly perMinute: number }[],
): InputSeries {
  const upTo = (bound: number) =>
    observed.filter(({ value }) => value <= bound).reduce((sum, one) => sum + one.perMinute, 0);
  const all = perMinute(upTo(Number.POSITIVE_INFINITY));
  const buckets = bounds.map((le) => [series(`${name}_bucket`, { ...labels, le: String(le) }), perMinute(upTo(le))]);
  return {
    ...Object.fromEntries(buckets),
    [series(`${name}_bucket`, { ...labels, le: '+Inf' })]: all,
    [series(`${name}_count`, labels)]: all,
  };
}
