import { type MetricName, type MetricRow, metrics } from './metric.ts';
import type { targetLabels } from './target-label.ts';

type Rows = typeof metrics;
type HistogramName = { [N in MetricName]: Rows[N]['type'] extends 'histogram' ? N : never }[MetricName];
type HistogramPart = '_bucket' | '_count' | '_sum';

/** What Prometheus holds: counters and gauges by their name, histograms in three parts. The bare name of a histogram has no series. */
export type SeriesName = Exclude<MetricName, HistogramName> | `${HistogramName}${HistogramPart}`;

/** The metric that a series belongs to. */
type MetricOf<S extends SeriesName> = S extends MetricName
  ? S
  : S extends `${infer N extends HistogramName}${HistogramPart}`
    ? N
    : never;

/** Labels that the scrape adds to every series of a pod. */
type TargetLabel = (typeof targetLabels)[keyof typeof targetLabels] | 'namespace' | 'pod';

/** Labels that a series may be chosen by: those its row declares, those of its pod, and `le` of a bucket. */
export type LabelOf<S extends SeriesName> =
  | Rows[MetricOf<S>]['labels'][number]
  | TargetLabel
  | (S extends `${string}_bucket` ? 'le' : never);

/** A text is an exact value, a pattern is matched against the whole value; `not` turns either round. */
export type LabelMatch = string | RegExp | { readonly not: string | RegExp };

function matcher(label: string, match: LabelMatch): string {
  const [value, isNot] = typeof match === 'string' || match instanceof RegExp ? [match, false] : [match.not, true];
  if (typeof value === 'string') return `${label}${isNot ? '!=' : '='}${JSON.stringify(value)}`;
  return `${label}${isNot ? '!~' : '=~'}${JSON.stringify(value.source)}`;
}

/** A vector selector of PromQL over any series. */
export function selectorOf(name: string, matches: Readonly<Record<string, LabelMatch | undefined>>): string {
  const matchers = Object.entries(matches).flatMap(([label, match]) =>
    match === undefined ? [] : [matcher(label, match)],
  );
  return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`;
}

/**
 * A vector selector of PromQL over a series that the service declares: `metric('inference_requests_total', { code: /5../ })` is
 * `inference_requests_total{code=~"5.."}`. A name or a label that no row declares does not compile. A value may hold a placeholder that
 * whoever reads the query fills, such as `{{args.stable-hash}}`.
 */
export const metric = <S extends SeriesName>(name: S, matches: Partial<Record<LabelOf<S>, LabelMatch>> = {}): string =>
  selectorOf(name, matches);

/** All series that the service can have, by the metric that declares each. */
export function seriesOf(name: MetricName): string[] {
  const { type }: MetricRow = metrics[name];
  return type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
}
