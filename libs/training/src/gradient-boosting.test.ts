import { InputError } from '@repo/contract/input-error';
import { expect, test } from 'vitest';
import { plantedMatrix } from './fixtures/planted-matrix.ts';
import { fitGradientBoosting } from './gradient-boosting.ts';
import { rowLoss } from './objective.ts';
import { scoreRaw } from './score.ts';
import { createTrainingMatrix } from './training-matrix.ts';

const small = { objective: 'binary', rounds: 20, leaves: 8, learningRate: 0.2, minLeafRows: 20 } as const;

test('one full step recovers a planted tree exactly', async () => {
  const grid = Array.from({ length: 1000 }, (_, i) => [
    (i % 10) / 10,
    (Math.floor(i / 10) % 10) / 10,
    Math.floor(i / 100) / 10,
  ]);
  const truth = ([a, b, c]: number[]) =>
    (a as number) <= 0.5 ? ((b as number) <= 0.2 ? 1 : 2) : (c as number) <= 0.7 ? 10 : 20;
  const train = createTrainingMatrix({
    featureNames: ['a', 'b', 'c'],
    categorical: [false, false, false],
    columns: [0, 1, 2].map((i) => Float32Array.from(grid, (row) => row[i] as number)),
    labels: Float32Array.from(grid, truth),
  });
  const options = { objective: 'regression', rounds: 1, leaves: 4, learningRate: 1, minLeafRows: 1, l2: 0 } as const;
  const { model } = await fitGradientBoosting(train, options, { threads: 1 });
  const tree = model.trees[0];
  expect(tree?.feature[0]).toBe(0);
  expect(tree?.feature.toSorted()).toEqual([0, 1, 2]);
  const thresholds = new Map(tree?.feature.map((feature, node) => [feature, tree.threshold[node]]));
  expect(thresholds.get(0)).toBeCloseTo(0.55, 6);
  expect(thresholds.get(1)).toBeCloseTo(0.25, 6);
  expect(thresholds.get(2)).toBeCloseTo(0.75, 6);
  scoreRaw(model, train.columns, train.rows).forEach((score, row) => {
    expect(score).toBeCloseTo(train.labels[row] as number, 5);
  });
});

test('the direction of missing values is learned, also where nothing was missing', async () => {
  const train = plantedMatrix(4000, 1);
  const { model, importance } = await fitGradientBoosting(train, small, { threads: 1 });
  const present = Float32Array.of(0.5);
  const [withB, withoutB] = [0.5, Number.NaN].map(
    (b) => scoreRaw(model, [present, Float32Array.of(b), Float32Array.of(2), present], 1)[0] as number,
  );
  expect((withoutB as number) - (withB as number)).toBeGreaterThan(0.5);
  expect(importance[3]).toBeLessThan(Math.min(...importance.slice(0, 3)));
  const never = model.trees.flatMap((tree) => tree.missingLeft.filter((_, node) => tree.feature[node] === 0));
  expect(never).toContain(true);
  expect(never).toContain(false);
});

test('without draws the training loss falls every round', async () => {
  const { curve } = await fitGradientBoosting(plantedMatrix(3000, 2), small, { threads: 1 });
  expect(curve).toHaveLength(20);
  curve.slice(1).forEach((round, i) => {
    expect(round.trainLoss).toBeLessThan(curve[i]?.trainLoss as number);
  });
});

test('the reported losses are those of the scored model', async () => {
  const [train, valid] = [plantedMatrix(2500, 3), plantedMatrix(1500, 4)];
  const { model, curve, bestRound } = await fitGradientBoosting(train, { ...small, patience: 100 }, { valid });
  const last = curve[bestRound - 1];
  for (const [matrix, loss] of [
    [train, last?.trainLoss],
    [valid, last?.validLoss],
  ] as const) {
    const raw = scoreRaw(model, matrix.columns, matrix.rows);
    const mean =
      raw.reduce((sum, score, row) => sum + rowLoss('binary', score, matrix.labels[row] as number), 0) / matrix.rows;
    expect(loss).toBeCloseTo(mean, 10);
  }
});

test.each(['binary', 'regression'] as const)(
  '%s: one, two or three threads and a second run give the same model, draws included',
  async (objective) => {
    // More than one loss block per thread, so that every thread has rows.
    const train = plantedMatrix(13_000, 5, objective === 'binary' ? 'binary' : 'number');
    const options = { ...small, objective, rounds: 6, rowShare: 0.7, featureShare: 0.6, seed: 9 };
    const fits = [];
    for (const threads of [1, 2, 2, 3])
      fits.push(JSON.stringify(await fitGradientBoosting(train, options, { threads })));
    expect(new Set(fits).size).toBe(1);
    const other = JSON.stringify(await fitGradientBoosting(train, { ...options, seed: 10 }, { threads: 1 }));
    expect(other).not.toBe(fits[0]);
  },
);

test('it stops when the validation loss no longer falls, and keeps the best round', async () => {
  const train = plantedMatrix(600, 6);
  const valid = plantedMatrix(600, 7);
  const eager = { ...small, rounds: 300, learningRate: 0.5, minLeafRows: 1, patience: 5 };
  const { model, curve, bestRound } = await fitGradientBoosting(train, eager, { valid, threads: 1 });
  const losses = curve.map((round) => round.validLoss as number);
  expect(curve.length).toBe(bestRound + 5);
  expect(losses.indexOf(Math.min(...losses))).toBe(bestRound - 1);
  expect(model.trees).toHaveLength(bestRound);
});

test('no leaf is smaller than asked', async () => {
  const train = plantedMatrix(1000, 8);
  const { model } = await fitGradientBoosting(
    train,
    { ...small, rounds: 1, leaves: 31, minLeafRows: 90 },
    { threads: 1 },
  );
  const rows = new Map<number, number>();
  for (const score of scoreRaw(model, train.columns, train.rows)) rows.set(score, (rows.get(score) ?? 0) + 1);
  expect(rows.size).toBeGreaterThan(3);
  expect(Math.min(...rows.values())).toBeGreaterThanOrEqual(90);
});

test('labels that no probability can be of are refused', async () => {
  const train = plantedMatrix(50, 9, 'number');
  await expect(fitGradientBoosting(train, small)).rejects.toThrow(InputError);
});

test('a column of one value and a label of one value still give a model', async () => {
  const flat = (value: number) => new Float32Array(100).fill(value);
  const train = createTrainingMatrix({
    featureNames: ['a'],
    categorical: [false],
    columns: [flat(3)],
    labels: flat(1),
  });
  const { model } = await fitGradientBoosting(train, small, { threads: 2 });
  expect(scoreRaw(model, train.columns, 1)[0]).toBeGreaterThan(3);
});
