import { expect, test } from 'vitest';
import { plantedMatrix } from './fixtures/planted-matrix.ts';
import { fitLinearModel } from './linear-model.ts';
import { gradient } from './objective.ts';
import { scoreRaw } from './score.ts';
import { solvePositiveDefinite } from './solve.ts';

test.each(['binary', 'regression'] as const)('%s: the weights are those that made the labels', (objective) => {
  const train = plantedMatrix(20_000, 1, objective === 'binary' ? 'binary' : 'number');
  const model = fitLinearModel(train, { objective });
  const slope = (i: number) => (model.weight[i] as number) / (model.deviation[i] as number);
  expect(Math.abs(slope(0) - 3)).toBeLessThan(0.2);
  expect(Math.abs(slope(2) - 0.4)).toBeLessThan(0.05);
  expect(Math.abs((model.missingWeight[1] as number) - 1)).toBeLessThan(0.1);
  expect(Math.abs(slope(3))).toBeLessThan(0.15);
});

test.each(['binary', 'regression'] as const)('%s: at the fit the penalised loss is flat', (objective) => {
  const train = plantedMatrix(500, 2, objective === 'binary' ? 'binary' : 'number');
  const model = fitLinearModel(train, { objective, l2: 3 });
  const raw = scoreRaw(model, train.columns, train.rows);
  let [slope, total] = [3 * (model.weight[0] as number), 0];
  raw.forEach((score, row) => {
    const g = gradient(objective, score, train.labels[row] as number);
    total += g;
    slope += (g * ((train.columns[0]?.[row] as number) - (model.mean[0] as number))) / (model.deviation[0] as number);
  });
  expect(Math.abs(slope)).toBeLessThan(1e-3);
  expect(Math.abs(total)).toBeLessThan(1e-3);
});

test('a system with a known solution is solved, and a singular one refused', () => {
  const a = Float64Array.of(4, 0, 0, 2, 5, 0, 1, 3, 6);
  expect([...solvePositiveDefinite(a, Float64Array.of(11, 21, 25))].map((x) => Math.round(x * 1e9) / 1e9)).toEqual([
    1, 2, 3,
  ]);
  expect(() => solvePositiveDefinite(Float64Array.of(1, 0, 1, 1), Float64Array.of(1, 1))).toThrow(RangeError);
});
