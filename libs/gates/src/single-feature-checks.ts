import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import type { Task } from '@repo/contract/task';
import { auc } from '@repo/stats/auc';
import { aucOf } from '@repo/stats/auc-of';
import { type BootstrapSummary, bootstrapMany } from '@repo/stats/bootstrap-many';
import type { FeatureTables } from '@repo/training/feature-table';
import { byDay, daysOf } from './by-day.ts';
import { decide } from './decide.ts';
import type { Evidence } from './evidence.ts';
import { judgedCheck } from './judged-check.ts';
import { limitOf } from './limit-of.ts';
import { oncePer } from './once-per.ts';

/** From here on a feature alone is worth a look. */
const striking = 0.9;
const bins = 20;

/** A feature that ranks the test rows, higher for the positive ones. */
interface Ranking {
  name: string;
  scores: Float64Array;
  auc: number;
}

/** Labels of 0 and 1; of a regression, whether the label is above the median. */
function classesOf(labels: Float32Array, task: Task): Uint8Array {
  if (task === 'binary') return Uint8Array.from(labels);
  const median = labels.toSorted()[Math.floor((labels.length - 1) / 2)] as number;
  return Uint8Array.from(labels, (label) => Number(label > median));
}

/** Whichever way round the scores rank better. */
function ranking(name: string, classes: Uint8Array, scores: Float64Array): Ranking {
  const value = auc(classes, scores);
  return value >= 0.5 ? { name, scores, auc: value } : { name, scores: scores.map((x) => -x), auc: 1 - value };
}

/** The inner edges of bins of equal size over the values that there are. */
function edgesOf(column: Float32Array): Float32Array {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return new Float32Array();
  return Float32Array.from(
    { length: bins - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)] as number,
  );
}

/** The bin of a value from 1 on; 0 is missing. */
function binOf(edges: Float32Array, value: number): number {
  if (Number.isNaN(value)) return 0;
  let bin = 0;
  for (let step = edges.length; step > 0; ) {
    const half = step >> 1;
    if (value > (edges[bin + half] as number)) {
      bin += half + 1;
      step -= half + 1;
    } else step = half;
  }
  return bin + 1;
}

/**
 * A test row's score by one feature alone: the mean training label of the rows in its bin or category. So a feature that tells without being
 * monotone, by being missing, or by its category is found too.
 */
function learnedScores({ train, test }: FeatureTables, feature: number): Float64Array {
  const known = train.matrix.columns[feature] as Float32Array;
  const asked = test.matrix.columns[feature] as Float32Array;
  const isCategory = train.matrix.categorical[feature];
  const edges = isCategory ? null : edgesOf(asked);
  const place = (value: number) => (edges === null ? (Number.isNaN(value) ? 0 : value + 1) : binOf(edges, value));
  const sums: number[] = [];
  const rows: number[] = [];
  known.forEach((value, row) => {
    const at = place(value);
    sums[at] = (sums[at] ?? 0) + (train.matrix.labels[row] as number);
    rows[at] = (rows[at] ?? 0) + 1;
  });
  const total = train.matrix.labels.reduce((sum, label) => sum + label, 0) / train.matrix.rows;
  return Float64Array.from(asked, (value) => {
    const at = place(value);
    return rows[at] === undefined ? total : (sums[at] as number) / (rows[at] as number);
  });
}

/** A feature that is worth naming. */
interface Strong {
  name: string;
  auc: number;
  interval: BootstrapSummary;
}

/** The feature that ranks the test rows best, and every other that is striking, the best first. */
function strongest(task: Task, tables: FeatureTables): Strong[] {
  const { matrix } = tables.test;
  const classes = classesOf(matrix.labels, task);
  const ofFeatures = matrix.featureNames.map((name, feature) => {
    const learned = ranking(name, classes, learnedScores(tables, feature));
    if (matrix.categorical[feature]) return learned;
    const raw = Float64Array.from(matrix.columns[feature] as Float32Array, (x) => (Number.isNaN(x) ? -Infinity : x));
    const plain = ranking(name, classes, raw);
    return plain.auc > learned.auc ? plain : learned;
  });
  const order = Float64Array.from({ length: matrix.rows }, (_, row) => row);
  const named = ranking('order of rows', classes, order);
  const rankings = [...ofFeatures, named].sort((a, b) => b.auc - a.auc || (a.name < b.name ? -1 : 1));
  const resampling = byDay(daysOf(tables.test));
  return rankings
    .filter((one, place) => place === 0 || one.auc > striking)
    .map(({ scores, ...one }) => ({
      ...one,
      interval: bootstrapMany(resampling, { auc: aucOf(classes, scores) }).auc,
    }));
}

const strongestOf = {
  binary: oncePer((tables: FeatureTables) => strongest('binary', tables)),
  regression: oncePer((tables: FeatureTables) => strongest('regression', tables)),
};

/**
 * The strongest single feature on the test rows, and every other that is striking: a feature that tells the label almost alone was most likely
 * known only after it. The order of the rows counts as a feature.
 */
export function singleFeatureChecks(evidence: Evidence): GateCheck[] {
  const { model, tables } = evidence;
  const limit = limitOf(evidence, 'singleFeatureAuc');
  return strongestOf[model.task](tables).map(({ name, interval, auc: value }) => {
    const outcome = decide(interval, limit);
    return judgedCheck({
      name: `${name} alone`,
      interval,
      limit,
      outcome: outcome === Outcome.pass && value > striking ? Outcome.warn : outcome,
      found: 'AUC of one feature by itself.',
      todo: 'Find out when its value is known: what is known only after the label must not be a feature.',
    });
  });
}
