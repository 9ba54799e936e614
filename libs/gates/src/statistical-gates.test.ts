import { Outcome } from '@repo/contract/gate-report';
import { selectRows, type TrainingMatrix } from '@repo/training/training-matrix';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Evidence, Side } from './evidence.ts';
import { answersOf, plantedEvidence, type Spoil, spoilt } from './fixtures/planted-evidence.ts';
import { plantedModel } from './fixtures/planted-world.ts';
import type { Gate } from './gate.ts';
import { absoluteFloor } from './gates/absolute-floor.ts';
import { calibration } from './gates/calibration.ts';
import { champion } from './gates/champion.ts';
import { dataPreconditions } from './gates/data-preconditions.ts';
import { fairness } from './gates/fairness.ts';
import { overfitAndLeakage } from './gates/overfit-and-leakage.ts';
import { referenceDrift } from './gates/reference-drift.ts';
import { robustness } from './gates/robustness.ts';
import { simpleBaseline } from './gates/simple-baseline.ts';
import { slices } from './gates/slices.ts';
import { runGates } from './run-gates.ts';

const gates: readonly Gate[] = [
  dataPreconditions,
  absoluteFloor,
  simpleBaseline,
  champion,
  slices,
  fairness,
  calibration,
  robustness,
  overfitAndLeakage,
  referenceDrift,
];
const progress = { start: () => undefined, update: () => undefined };

async function notGood(evidence: Evidence): Promise<string[]> {
  const report = await runGates(evidence, { nightly: false, progress, gates });
  const bad: Outcome[] = [Outcome.fail, Outcome.inconclusive];
  return report.gates.filter(({ outcome }) => bad.includes(outcome)).map(({ gate, outcome }) => `${gate} ${outcome}`);
}

/** The evidence with other test rows, answered by both sides. */
async function withTest(good: Evidence, change: Partial<TrainingMatrix>, rowIds?: string[]): Promise<Evidence> {
  const before = good.tables.test;
  const table = { ...before, rowIds: rowIds ?? before.rowIds, matrix: { ...before.matrix, ...change } };
  const side = async (one: Side) => ({ ...one, test: table, answers: await answersOf(one.scorer, table) });
  return {
    ...good,
    tables: { ...good.tables, test: table },
    candidate: await side(good.candidate),
    champion: good.champion === null ? null : await side(good.champion),
  };
}

/** Both sides spoilt alike, so that the comparison with the champion says nothing. */
async function bothSpoilt(evidence: Evidence, spoil: Spoil): Promise<Evidence> {
  const candidate = await spoilt(evidence.candidate, evidence.tables, spoil);
  return { ...evidence, candidate, champion: { ...candidate, version: 1 } };
}

const logOdds = (p: number) => Math.log(p / (1 - p));
const probability = (x: number) => 1 / (1 + Math.exp(-x));

const defects: Record<string, [gate: string, defect: (good: Evidence) => Evidence | Promise<Evidence>]> = {
  'a test split that holds training rows': [
    'data-preconditions',
    (good) => withTest(good, {}, [...good.tables.train.rowIds.slice(0, 40), ...good.tables.test.rowIds.slice(40)]),
  ],
  'a floor that the model does not reach': [
    'absolute-floor',
    (good) => ({ ...good, model: plantedModel('binary', { floor: { auc: 0.9 } }) }),
  ],
  'a linear model': ['simple-baseline', () => plantedEvidence({ candidate: 'linear', champion: 'linear' })],
  'a model from few rows': ['champion', () => plantedEvidence({ candidate: 'from few rows' })],
  'a slice answered by the mean, under a better average': [
    'slices',
    async () => {
      const evidence = await plantedEvidence({ champion: 'without heat' });
      const spoil: Spoil = (answer, [, , kind]) => (kind === 0 ? 0.3 : answer);
      return { ...evidence, candidate: await spoilt(evidence.candidate, evidence.tables, spoil) };
    },
  ],
  'a protected group that gets fewer positive decisions': [
    'fairness',
    (good) => ({ ...good, model: plantedModel('binary', { protected: ['kind'] }) }),
  ],
  'a model that is too sure': ['calibration', (good) => bothSpoilt(good, (p) => probability(1.5 * logOdds(p)))],
  'a model that cannot do without a feature': [
    'robustness',
    (good) => ({
      ...good,
      candidate: {
        ...good.candidate,
        scorer: {
          ...good.candidate.scorer,
          score: async (values, rows) => {
            if (values.every((x, i) => i % 5 !== 4 || Number.isNaN(x))) throw new Error('tick is missing');
            return good.candidate.scorer.score(values, rows);
          },
        },
      },
    }),
  ],
  'a test split that repeats training rows': [
    'overfit-and-leakage',
    (good) => {
      const { train, test: table } = good.tables;
      const copied = selectRows(
        train.matrix,
        table.rowIds.map((_, row) => row),
      );
      const mixed = (own: Float32Array, other: Float32Array) =>
        own.map((x, row) => (row < 400 ? (other[row] as number) : x));
      const columns = table.matrix.columns.map((column, i) => mixed(column, copied.columns[i] as Float32Array));
      return withTest(good, { columns, labels: mixed(table.matrix.labels, copied.labels) });
    },
  ],
  'a feature in another unit': [
    'reference-drift',
    (good) => {
      const columns = good.tables.test.matrix.columns.map((column, i) =>
        i === 4 ? column.map((x) => 3 * x + 1) : column,
      );
      return withTest(good, { columns });
    },
  ],
};

describe('among the statistical gates', () => {
  let good: Evidence;
  beforeAll(async () => {
    good = await plantedEvidence();
  });
  test('none is red for a good candidate', async () => {
    expect(await notGood(good)).toEqual([]);
    expect(await notGood(await plantedEvidence({ task: 'regression' }))).toEqual([]);
  });
  test.each(Object.entries(defects))('%s turns one red, and only that', async (_, [gate, defect]) => {
    expect(await notGood(await defect(good))).toEqual([`${gate} fail`]);
  });
  test('each has a defect that turns it red', () => {
    expect(Object.values(defects).map(([gate]) => gate)).toEqual(gates.map(({ name }) => name));
  });
});
