import { gradientBoosting } from '@repo/contract/training';
import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { jobContract, plantedTables } from './fixtures/planted-tables.ts';
import { maskedStoreShare, maskedViewShare, maskViews } from './mask-views.ts';
import { createOnnxScorer } from './onnx-scorer.ts';
import { trainBoosting } from './train-boosting.ts';
import { createTrainingMatrix, hideColumns } from './training-matrix.ts';
import { viewColumns } from './view-columns.ts';

const rows = 40_000;
const noise = createRandom(1);
const matrix = createTrainingMatrix({
  featureNames: ['request', 'a1', 'a2', 'b'],
  categorical: [false, false, false, false],
  columns: [0, 1, 2, 3].map(() => Float32Array.from({ length: rows }, () => noise.next())),
  labels: new Float32Array(rows),
});
const lookedUp = new Map([
  ['a', [1, 2]],
  ['b', [3]],
]);
const masked = maskViews(matrix, lookedUp, 1);
const isMissing = (place: number) => Array.from(masked.columns[place] as Float32Array, Number.isNaN);
const shareOf = (hits: boolean[]) => hits.filter(Boolean).length / rows;

test('each looked-up view is missing as a whole in its share of the rows, and all of them together in theirs', () => {
  const [a1, a2, b] = [isMissing(1), isMissing(2), isMissing(3)];
  expect(a2).toEqual(a1);
  const either = 1 - (1 - maskedViewShare) * (1 - maskedStoreShare);
  // Four standard deviations of a share over 40,000 rows.
  for (const view of [a1, b]) expect(Math.abs(shareOf(view) - either)).toBeLessThan(4 * Math.sqrt(either / rows));
  const both = shareOf(a1.map((missing, row) => missing && b[row] === true));
  expect(Math.abs(both - maskedStoreShare - maskedViewShare ** 2)).toBeLessThan(4 * Math.sqrt(maskedStoreShare / rows));
});

test('features of the request, values that are left and the matrix itself stay as they were', () => {
  expect(masked.columns[0]).toBe(matrix.columns[0]);
  expect(masked.labels).toBe(matrix.labels);
  masked.columns[1]?.forEach((value, row) => {
    if (!Number.isNaN(value)) expect(value).toBe(matrix.columns[1]?.[row]);
  });
  expect(matrix.columns.some((column) => column.some(Number.isNaN))).toBe(false);
});

test('equal seeds mask the same rows, others do not, and a model without looked-up views is not masked', () => {
  expect(maskViews(matrix, lookedUp, 1).columns).toEqual(masked.columns);
  expect(maskViews(matrix, lookedUp, 2).columns).not.toEqual(masked.columns);
  expect(maskViews(matrix, new Map(), 1)).toBe(matrix);
});

test('a model learns from the masks what to answer without a view that was there in every row', async () => {
  // Three of ten jobs fail, and the wait alone says which.
  const tables = plantedTables(({ wait }) => (wait > 0.7 ? 1 : 0));
  const contract = jobContract();
  const training = gradientBoosting({ rounds: 30, leaves: 4, learningRate: 0.3, minLeafRows: 20 });
  const silent = { start: () => undefined, update: () => undefined };
  const options = { rounds: 30, l2: 1, rowShare: 1, featureShare: 1, patience: 50, seed: 1, ...training } as Parameters<
    typeof trainBoosting
  >[0];
  const scorer = await createOnnxScorer((await trainBoosting(options, contract, tables, silent)).onnx, contract);
  try {
    const answers = await scorer.score(Float32Array.of(0.5, Number.NaN, 1, 0.5, 0.5, 0.2, 1, 0.5), 2);
    expect(answers[0]).toBeGreaterThan(0.15);
    expect(answers[0]).toBeLessThan(0.45);
    expect(answers[1]).toBeLessThan(0.05);
  } finally {
    await scorer.release();
  }
});

test('columns of a contract are grouped by view, those of requests together, and hidden as a whole', () => {
  expect(viewColumns(jobContract())).toEqual({ request: [0, 2, 3], lookedUp: new Map([['waiting', [1]]]) });
  const hidden = hideColumns(matrix, [1, 3]);
  expect(hidden.columns.map((column) => column.every(Number.isNaN))).toEqual([false, true, false, true]);
});
