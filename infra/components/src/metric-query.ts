import { type MetricName, type MetricRow, metrics } from '@repo/contract/metric';

/** A line of a graph: a query in PromQL and how its result is called. */
export interface GraphLine {
  readonly query: string;
  /** Grafana's pattern: label names in double braces. */
  readonly legend: string;
}

const braces = (labels: readonly string[]): string => labels.map((label) => `{{${label}}}`).join(' ');
const by = (labels: readonly string[]): string => (labels.length === 0 ? '' : ` by (${labels.join(', ')})`);

/**
 * How a metric of the service is looked at, over all replicas: a counter by its rate, a gauge by its largest value, a histogram by its median
 * and its 99th percentile, each by the metric's own labels.
 */
export function metricQueries(name: MetricName): GraphLine[] {
  const { type, labels }: MetricRow = metrics[name];
  const legend = braces(labels);
  if (type === 'counter') return [{ query: `sum${by(labels)} (rate(${name}[5m]))`, legend }];
  if (type === 'gauge') return [{ query: `max${by(labels)} (${name})`, legend }];
  return [0.5, 0.99].map((quantile) => ({
    query: `histogram_quantile(${quantile}, sum${by(['le', ...labels])} (rate(${name}_bucket[5m])))`,
    legend: `p${quantile * 100} ${legend}`.trim(),
  }));
}
