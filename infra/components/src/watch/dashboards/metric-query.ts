import { type MetricName, type MetricRow, metrics } from '@repo/contract/metric';
import { selectorOf } from '@repo/contract/metric-name';
import { quantile, sumRate } from '../promql.ts';

/** A line of a graph: a query in PromQL and how its result is called. */
export interface GraphLine {
  readonly query: string;
  /** Grafana's pattern: label names in double braces. */
  readonly legend: string;
}

const braces = (labels: readonly string[]): string => labels.map((label) => `{{${label}}}`).join(' ');

/**
 * How a metric of the service is looked at, over all replicas: a counter by its rate in five minutes, a gauge by its largest value, a
 * histogram by its median and its 99th percentile. By the metric's own labels unless told, of the series that have the labels of `of`.
 */
export function metricLines(
  name: MetricName,
  { by, of = {} }: { readonly by?: readonly string[]; readonly of?: Readonly<Record<string, string>> } = {},
): GraphLine[] {
  const { type, labels }: MetricRow = metrics[name];
  const groups = by ?? labels;
  const legend = braces(groups);
  if (type === 'counter') return [{ query: sumRate(selectorOf(name, of), '5m', groups), legend }];
  if (type === 'gauge') {
    return [
      { query: `max${groups.length === 0 ? '' : ` by (${groups.join(', ')})`} (${selectorOf(name, of)})`, legend },
    ];
  }
  return [0.5, 0.99].map((q) => ({
    query: quantile(q, selectorOf(`${name}_bucket`, of), '5m', groups),
    legend: `p${q * 100} ${legend}`.trim(),
  }));
}
