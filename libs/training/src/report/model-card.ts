import type { Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Source } from '@repo/contract/source';
import type { FeatureTable } from '../feature-table.ts';
import type { BundleMetrics, SliceMetrics } from '../measure.ts';
import { limitsOfUse } from './limits-of-use.ts';
import { escapeMarkdown, markdownTable } from './markdown.ts';
import { metricIntervals } from './metric-intervals.ts';

/** What a card tells. */
export interface ModelCardOptions {
  model: Model;
  contract: ModelContract;
  lineage: Lineage;
  metrics: BundleMetrics;
  /** Of the bundle that the card belongs to. */
  digest: string;
  test: FeatureTable;
  /** The model's answers to the test rows. */
  answers: Float32Array;
}

const digits = (value: number | null | undefined) =>
  value === null || value === undefined ? '-' : String(Number(value.toPrecision(4)));
const range = ([lower, upper]: readonly [number, number]) => `${digits(lower)} to ${digits(upper)}`;
const code = (text: string) => `\`${text}\``;

/** The sources that a model reads, events first, each once. */
const sourcesOf = ({ events, features }: Model): Source[] => [
  ...new Map([events, ...features.map(({ source }) => source)].map((source) => [source.name, source])).values(),
];

function question({ model, contract }: ModelCardOptions): string {
  const { column, lead } = model.cutoff;
  const answer =
    contract.threshold === null
      ? `a number, the expected ${code(contract.label)}`
      : `the probability of ${code(contract.label)}; from ${contract.threshold} on the decision is yes`;
  return `${escapeMarkdown(model.question)}\n\nThe answer is ${answer}. Features are taken as known ${lead} before ${code(column)}.`;
}

function data({ model, lineage, metrics }: ModelCardOptions): string {
  const sources = sourcesOf(model).map(({ name, about, licence }) => [
    name,
    about,
    licence,
    lineage.data[name] ?? 'unknown',
  ]);
  const days = (['train', 'validate', 'test'] as const).map((part) => [
    part,
    model.split[part].join(' to '),
    metrics.rows[part],
  ]);
  return `${markdownTable([['source', 'what', 'licence', 'digest'], ...sources])}\n\n${markdownTable([['split', 'days, the last not included', 'rows'], ...days])}`;
}

function scores({ model, metrics, test, answers }: ModelCardOptions): string {
  const intervals = metricIntervals(model.task, test.matrix.labels, answers, test.timesUs);
  const rows = Object.entries(metrics.test).map(([name, value]) => {
    const interval = intervals[name];
    return [name, digits(value), interval === undefined ? '-' : range(interval), digits(metrics.validate[name])];
  });
  return `${markdownTable([['metric', 'test', '95 % interval', 'validation'], ...rows])}\n\nIntervals resample whole days (UTC).`;
}

function baselines({ metrics }: ModelCardOptions): string {
  const names = Object.keys(metrics.test);
  const rows = Object.entries(metrics.baselines).map(([name, { test, gain }]) => [
    name,
    ...names.map((metric) => digits(test[metric])),
    `${digits(gain.estimate)}, ${range([gain.lower, gain.upper])}`,
  ]);
  return markdownTable([['test rows', ...names, 'loss that the model saves, 95 % interval'], ...rows]);
}

/** Slices that the model does worst on come first. */
function worstSlices({ task, slices }: BundleMetrics): SliceMetrics[] {
  const loss = ({ metrics }: SliceMetrics) => metrics[task === 'binary' ? 'logLoss' : 'mae'] ?? 0;
  return slices.toSorted((a, b) => loss(b) - loss(a)).slice(0, 5);
}

function slices({ metrics }: ModelCardOptions): string {
  const names = Object.keys(metrics.test);
  const rows = worstSlices(metrics).map((slice) => [
    slice.feature,
    slice.value,
    slice.rows,
    digits(slice.labelMean),
    ...names.map((name) => digits(slice.metrics[name])),
  ]);
  if (rows.length === 0) return 'None: the definition names no feature, or no group has 200 test rows.';
  return `The worst of ${metrics.slices.length}.\n\n${markdownTable([['feature', 'value', 'rows', 'mean label', ...names], ...rows])}`;
}

function levels({ metrics }: ModelCardOptions): string {
  const names = Object.keys(metrics.test);
  const rows = metrics.levels.map(({ level, without, metrics: own }) => [
    level,
    without.join(', ') || '-',
    ...names.map((name) => digits(own[name])),
  ]);
  return markdownTable([['who answers the test rows', 'without', ...names], ...rows]);
}

function reproduction({ model, lineage }: ModelCardOptions): string {
  const made = [
    ['definition', lineage.definition],
    ['trainer', lineage.trainer],
    ...Object.entries(lineage.data).map(([name, digest]) => [`data ${name}`, digest]),
    ...Object.entries(lineage.views).map(([name, digest]) => [`view ${name}`, digest]),
  ];
  return `${code(`npx nx train ${model.name}`)} in a checkout with these digests gives a bundle of the digest above.\n\n${markdownTable([['made from', 'digest'], ...made])}`;
}

/** The sections of a card by their headings, in order. */
const sections: Readonly<Record<string, (options: ModelCardOptions) => string>> = {
  Question: question,
  Owner: ({ model }) => escapeMarkdown(model.owner),
  Data: data,
  Metrics: scores,
  Baselines: baselines,
  Slices: slices,
  'Levels of degradation': levels,
  'Limits of use': limitsOfUse,
  'How to reproduce': reproduction,
};

/** Headings that every card has. */
export const cardSections: readonly string[] = Object.keys(sections);

/**
 * The model card as Markdown: what a person must know before using a model, all of it from the definition, the metrics and the lineage, so
 * that nothing is written twice and nothing grows old. Equal bundles give equal cards: no clock and no host.
 */
export function modelCard(options: ModelCardOptions): string {
  const { model, digest } = options;
  const parts = Object.entries(sections).map(([heading, write]) => `## ${heading}\n\n${write(options)}`);
  return `# ${model.name}\n\nBundle ${code(digest)}\n\n${parts.join('\n\n')}\n`;
}
