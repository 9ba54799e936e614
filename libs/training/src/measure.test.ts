import { deriveContract } from '@repo/contract/derive-contract';
import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import type { FeatureTable } from './feature-table.ts';
import { quickBoosting, smallModel } from './fixtures/small-world.ts';
import { measure } from './measure.ts';
import { createTrainingMatrix } from './training-matrix.ts';

const model = smallModel(quickBoosting);
const contract = deriveContract(model, { dataBeginsUs: 0, categories: { kind: ['cut', 'drill', 'mill'] } });
const dayUs = 86_400e6;

/** 900 rows over 30 days, half of them failing by chance; kind is cut for 450, drill for 250, missing for 200 but mill for none or a few. */
function table(seed: number, mills: number): FeatureTable {
  const random = createRandom(seed);
  const rows = 900;
  const noise = Float32Array.from({ length: rows }, () => random.next());
  const kind = Float32Array.from({ length: rows }, (_, row) => (row < 450 ? 0 : row < 700 ? 1 : Number.NaN)).fill(
    2,
    0,
    mills,
  );
  return {
    rowIds: Array.from(noise, (_, row) => `${row}`),
    timesUs: Float64Array.from(noise, (_, row) => (row % 30) * dayUs),
    matrix: createTrainingMatrix({
      featureNames: contract.features.map((f) => f.name),
      categorical: contract.features.map((f) => f.categories !== null),
      columns: [noise, noise, kind, noise],
      labels: Float32Array.from(noise, () => random.integer(2)),
    }),
  };
}
const tables = { train: table(1, 0), validate: table(2, 0), test: table(3, 100) };
const half = new Float32Array(900).fill(0.5);
const knowing = tables.test.matrix.labels.map((label) => (label === 1 ? 0.9 : 0.1));
const measured = (test: Float32Array) =>
  measure(model, contract, tables, { validate: half, test }, { trainer: 'test' });

test('an answer of one half loses ln 2 on every row and gains nothing on the prior, an answer that knows the label gains', () => {
  const blind = measured(half);
  expect(blind.test).toMatchObject({ logLoss: expect.closeTo(Math.LN2, 12), auc: 0.5, brier: 0.25 });
  expect(blind.baselines.prior?.gain.estimate).toBeCloseTo(0, 2);
  const { gain } = measured(knowing).baselines.prior ?? {};
  expect(gain?.estimate).toBeCloseTo(Math.LN2 + Math.log(0.9), 2);
  expect(gain?.lower).toBeGreaterThan(0.5);
  expect(gain?.lower).toBeLessThan(gain?.estimate as number);
  expect(gain?.upper).toBeGreaterThan(gain?.estimate as number);
});

test('the same answers give the same interval', () => {
  expect(measured(knowing)).toEqual(measured(knowing));
});

test('slices are the categories and the missing with 200 rows or more, the largest first', () => {
  const { slices } = measured(knowing);
  expect(slices.map(({ feature, value, rows }) => [feature, value, rows])).toEqual([
    ['kind', 'cut', 350],
    ['kind', 'drill', 250],
    ['kind', 'missing', 200],
  ]);
  const rows = Array.from({ length: 350 }, (_, i) => i + 100);
  const share = rows.reduce((sum, row) => sum + (tables.test.matrix.labels[row] as number), 0) / 350;
  expect(slices[0]?.labelMean).toBeCloseTo(share, 12);
  expect(slices[0]?.metrics).toMatchObject({ auc: 1, brier: expect.closeTo(0.01, 6) });
});

test('metrics of one class only are null where they are not defined', () => {
  const { labels, ...rest } = tables.test.matrix;
  const matrix = { ...rest, labels: labels.map(() => 0) };
  const one = { ...tables, test: { ...tables.test, matrix } };
  expect(measure(model, contract, one, { validate: half, test: half }, {}).test).toMatchObject({
    auc: null,
    brier: 0.25,
  });
});
