import type { MetricRow } from '@repo/contract/metric';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

type Rows = Readonly<Record<string, MetricRow>>;
type NamesOf<R extends Rows, T extends MetricRow['type']> = {
  [N in keyof R]: R[N]['type'] extends T ? N : never;
}[keyof R] &
  string;
/** The labels that a metric declares, each with a value; exactly these compile. */
export type LabelsOf<R extends Rows, N extends keyof R> = Readonly<Record<R[N]['labels'][number], string>>;

/** The metrics that a set of rows declares. Any other name or label neither compiles nor runs: it throws RangeError. */
export interface Metrics<R extends Rows> {
  /** Adds to a counter; 1 unless told. */
  increment<N extends NamesOf<R, 'counter'>>(name: N, labels: LabelsOf<R, N>, by?: number): void;
  /** Sets a gauge. */
  set<N extends NamesOf<R, 'gauge'>>(name: N, labels: LabelsOf<R, N>, value: number): void;
  /** Moves a gauge up, or down when `by` is negative. */
  add<N extends NamesOf<R, 'gauge'>>(name: N, labels: LabelsOf<R, N>, by: number): void;
  /** Puts a value, in the unit of the row, into a histogram. */
  observe<N extends NamesOf<R, 'histogram'>>(name: N, labels: LabelsOf<R, N>, value: number): void;
  /** One series of a counter, its labels checked now and not at each call: for the path that every request takes. */
  bindCounter<N extends NamesOf<R, 'counter'>>(name: N, labels: LabelsOf<R, N>): (by?: number) => void;
  /** One series of a gauge, to be moved up and down; see {@link Metrics.bindCounter}. */
  bindGauge<N extends NamesOf<R, 'gauge'>>(name: N, labels: LabelsOf<R, N>): (by: number) => void;
  /** One series of a histogram; see {@link Metrics.bindCounter}. */
  bindHistogram<N extends NamesOf<R, 'histogram'>>(name: N, labels: LabelsOf<R, N>): (value: number) => void;
  /** Forgets a series, such as that of a version that is served no more. What was bound to it counts into nothing from then on. */
  remove<N extends keyof R & string>(name: N, labels: LabelsOf<R, N>): void;
  /** All of them in the text format of Prometheus. */
  scrape(): Promise<string>;
  /** Content-Type of {@link Metrics.scrape}. */
  readonly contentType: string;
}

function create(name: string, row: MetricRow, registers: Registry[]): Counter | Gauge | Histogram {
  const options = { name, help: row.help, labelNames: [...row.labels], registers };
  if (row.type === 'counter') return new Counter(options);
  if (row.type === 'gauge') return new Gauge(options);
  if (row.buckets === undefined) {
    throw new RangeError(
      `${name}: received no buckets; allowed: rising bounds for a histogram; add buckets to its row`,
    );
  }
  return new Histogram({ ...options, buckets: [...row.buckets] });
}

function checkLabels(name: string, declared: readonly string[], labels: Readonly<Record<string, string>>): void {
  const given = Object.keys(labels);
  if (given.length === declared.length && declared.every((label) => labels[label] !== undefined)) return;
  throw new RangeError(
    `${name}: received labels ${given.join(', ') || 'none'}; allowed: exactly ${declared.join(', ') || 'none'}; correct the call, or declare the label in the row`,
  );
}

/** A series as prom-client keeps it. */
interface Series {
  readonly labels: Readonly<Record<string, string>>;
}
interface NumberSeries extends Series {
  value: number;
}
interface HistogramSeries extends Series {
  sum: number;
  count: number;
  /** Observations by the bound of the first bucket that holds them. */
  readonly bucketValues: Record<number, number>;
}

/**
 * The series with these labels; made when there is none. prom-client builds a key from the labels at every call, its own bound children
 * included, which costs close to a microsecond; so the series is taken from where it keeps them.
 */
function seriesOf<S extends Series>(
  metric: Counter | Gauge | Histogram,
  labels: Readonly<Record<string, string>>,
  make: () => void,
): S {
  const find = () => {
    const { hashMap } = metric as unknown as { hashMap: Readonly<Record<string, S>> };
    return Object.values(hashMap).find((series) =>
      Object.entries(labels).every(([label, value]) => series.labels[label] === value),
    );
  };
  const found = find();
  if (found !== undefined) return found;
  make();
  return find() as S;
}

function bindNumber(metric: Counter | Gauge, labels: Readonly<Record<string, string>>): (by?: number) => void {
  const series = seriesOf<NumberSeries>(metric, labels, () => metric.inc(labels, 0));
  return (by = 1) => {
    series.value += by;
  };
}

function bindHistogram(
  histogram: Histogram,
  bounds: readonly number[],
  labels: Readonly<Record<string, string>>,
): (value: number) => void {
  const series = seriesOf<HistogramSeries>(histogram, labels, () => histogram.zero(labels));
  return (value) => {
    series.sum += value;
    series.count += 1;
    const bound = bounds.find((upper) => value <= upper);
    if (bound !== undefined) series.bucketValues[bound] = (series.bucketValues[bound] ?? 0) + 1;
  };
}

/** Makes the metrics that `rows` declares, in a registry of their own. */
export function createMetrics<R extends Rows>(rows: R): Metrics<R> {
  const registry = new Registry();
  const made = new Map(Object.entries(rows).map(([name, row]) => [name, create(name, row, [registry])]));
  const find = <C>(kind: new (...args: never[]) => C, name: string, labels: Readonly<Record<string, string>>): C => {
    const metric = made.get(name);
    if (!(metric instanceof kind)) {
      throw new RangeError(
        `${name}: received no ${kind.name.toLowerCase()} of this name; allowed: ${[...made.keys()].join(', ')}; declare it as a row`,
      );
    }
    checkLabels(name, (rows[name] as MetricRow).labels, labels);
    return metric;
  };
  return {
    increment: (name, labels, by = 1) => find(Counter, name, labels).inc(labels, by),
    set: (name, labels, value) => find(Gauge, name, labels).set(labels, value),
    add: (name, labels, by) => find(Gauge, name, labels).inc(labels, by),
    observe: (name, labels, value) => find(Histogram, name, labels).observe(labels, value),
    bindCounter: (name, labels) => bindNumber(find(Counter, name, labels), labels),
    bindGauge: (name, labels) => bindNumber(find(Gauge, name, labels), labels),
    bindHistogram: (name, labels) => bindHistogram(find(Histogram, name, labels), rows[name]?.buckets ?? [], labels),
    remove: (name, labels) => {
      checkLabels(name, (rows[name] as MetricRow).labels, labels);
      made.get(name)?.remove(labels);
    },
    scrape: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
