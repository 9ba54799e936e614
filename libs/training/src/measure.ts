import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Task } from '@repo/contract/task';
import type { BootstrapInterval } from '@repo/stats/paired-bootstrap';
import { baselines } from './baselines.ts';
import type { Candidate } from './candidate.ts';
import { evaluate, gainOver, type Metrics } from './evaluate.ts';
import type { FeatureTable, FeatureTables } from './feature-table.ts';
import type { LevelMetrics } from './measure-levels.ts';

/** Metrics of one group of test rows. */
export interface SliceMetrics {
  feature: string;
  /** Category, or `missing`. */
  value: string;
  rows: number;
  labelMean: number;
  metrics: Metrics;
}

/** How good a model is on days that it never saw, and against what. */
export interface ModelMetrics {
  schemaVersion: 1;
  task: Task;
  rows: Record<keyof FeatureTables, number>;
  validate: Metrics;
  test: Metrics;
  /** Test metrics of the simple models, and by how much the model's loss is smaller (95 % interval, days resampled). */
  baselines: Record<string, { test: Metrics; gain: BootstrapInterval }>;
  slices: SliceMetrics[];
  trainer: Candidate['facts'];
}

/** metrics.json of a bundle. */
export interface BundleMetrics extends ModelMetrics {
  /** Test metrics by level of degradation, the best first. */
  levels: LevelMetrics[];
  /** Share of the test rows that are outliers: their p value is below `below`. */
  outliers: { below: number; testShare: number };
}

/** Smaller groups say more about chance than about the model. */
const minSliceRows = 200;

function measureRows(task: Task, { matrix }: FeatureTable, answers: Float32Array, rows: readonly number[]) {
  const labels = Float32Array.from(rows, (row) => matrix.labels[row] as number);
  const metrics = evaluate(
    task,
    labels,
    Float32Array.from(rows, (row) => answers[row] as number),
  );
  return { rows: rows.length, labelMean: labels.reduce((sum, y) => sum + y, 0) / rows.length, metrics };
}

/** Groups of at least 200 test rows by the category of a feature, the largest first. */
function slicesOf(
  feature: string,
  contract: ModelContract,
  table: FeatureTable,
  answers: Float32Array,
): SliceMetrics[] {
  const index = contract.features.findIndex((f) => f.name === feature);
  const categories = contract.features[index]?.categories ?? [];
  const groups = new Map<number, number[]>();
  table.matrix.columns[index]?.forEach((code, row) => {
    const rows = groups.get(code);
    if (rows === undefined) groups.set(code, [row]);
    else rows.push(row);
  });
  return [...groups]
    .filter(([, rows]) => rows.length >= minSliceRows)
    .map(([code, rows]) => ({
      feature,
      value: categories[code] ?? 'missing',
      ...measureRows(contract.task, table, answers, rows),
    }))
    .sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
}

/** Measures a candidate's answers on the validation and test rows, against the baselines and slice by slice. */
export function measure(
  model: Model,
  contract: ModelContract,
  tables: FeatureTables,
  answers: { validate: Float32Array; test: Float32Array },
  facts: Candidate['facts'],
): ModelMetrics {
  const { task } = model;
  const { labels } = tables.test.matrix;
  const compared = Object.entries(baselines(task, tables)).map(([name, theirs]) => {
    const gain = gainOver(task, labels, answers.test, theirs, tables.test.timesUs);
    return [name, { test: evaluate(task, labels, theirs), gain }] as const;
  });
  return {
    schemaVersion: 1,
    task,
    rows: { train: tables.train.matrix.rows, validate: tables.validate.matrix.rows, test: tables.test.matrix.rows },
    validate: evaluate(task, tables.validate.matrix.labels, answers.validate),
    test: evaluate(task, labels, answers.test),
    baselines: Object.fromEntries(compared),
    slices: model.gates.slices.flatMap((feature) => slicesOf(feature, contract, tables.test, answers.test)),
    trainer: facts,
  };
}
