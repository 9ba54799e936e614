import { deriveContract } from '@repo/contract/derive-contract';
import { createRandom } from '@repo/stats/random';
import { quickBoosting, smallModel } from '@repo/training/fixtures/small-world';
import { profileOf } from '@repo/training/profile';
import { createTrainingMatrix } from '@repo/training/training-matrix';
import { expect, test } from 'vitest';
import { driftBasisSchema, measureDriftBasis } from './drift-basis.ts';

const contract = deriveContract(smallModel(quickBoosting), {
  dataBeginsUs: 0,
  categories: { kind: ['cut', 'drill', 'mill'] },
});
const [rows, days, width] = [6000, 30, contract.features.length];
const names = contract.features.map(({ name }) => name);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Rows whose label follows the first feature much, the second a little, and the others not at all; the days share the last. */
function drawTable(seed: number) {
  const random = createRandom(seed);
  const dayOf = (row: number) => Math.floor((row * days) / rows);
  const moods = Array.from({ length: days }, () => random.normal());
  const columns = contract.features.map(({ categories }, place) =>
    Float32Array.from({ length: rows }, (_, row) => {
      if (categories !== null) return random.integer(3);
      return place === width - 1 ? (moods[dayOf(row)] as number) + 0.3 * random.normal() : random.normal();
    }),
  );
  const [first, second] = columns as [Float32Array, Float32Array];
  const labels = Float32Array.from(first, (x, row) =>
    Number(random.next() < sigmoid(2 * x + 0.5 * (second[row] as number))),
  );
  const categorical = contract.features.map(({ categories }) => categories !== null);
  const matrix = createTrainingMatrix({ featureNames: names, categorical, columns, labels });
  const timesUs = Float64Array.from({ length: rows }, (_, row) => dayOf(row) * 86_400e6);
  return { rowIds: Array.from({ length: rows }, (_, row) => `r${row}`), timesUs, matrix };
}

/** Knows the truth, and answers as a model does: row after row. */
const score = async (values: Float32Array, count: number): Promise<Float32Array> =>
  Float32Array.from({ length: count }, (_, row) =>
    sigmoid(2 * (values[row * width] as number) + 0.5 * (values[row * width + 1] as number)),
  );

test('what drift is judged by: importances of what the model rests on, nothing for what it does not, and how training days differ', async () => {
  const [train, validate] = [drawTable(1), drawTable(2)];
  const profile = profileOf(contract, train.matrix, new Float32Array(rows).fill(0.5), [0.5]);
  const options = { model: 'small', digest: 'sha256:0', contract, profile, train, validate };
  const basis = driftBasisSchema.parse(await measureDriftBasis({ ...options, scorer: { score } }));
  const { importances, law } = basis;
  const [important, minor, ...useless] = names.map((name) => importances?.[name] ?? Number.NaN);
  expect(important).toBeGreaterThan(0.8);
  expect(minor).toBeGreaterThan(0.02);
  expect(minor).toBeLessThan(0.2);
  expect(useless).toEqual(useless.map(() => 0));
  expect(Object.values(importances ?? {}).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
  expect(law.days).toBe(days);
  expect(law.features[names[0] as string]?.values.designEffect).toBeLessThan(1.5);
  expect(law.features[names.at(-1) as string]?.values.designEffect).toBeGreaterThan(5);
  expect(await measureDriftBasis({ ...options, scorer: { score } })).toEqual(basis);
  const constant = { score: async (_: Float32Array, count: number) => new Float32Array(count).fill(0.5) };
  expect((await measureDriftBasis({ ...options, scorer: constant })).importances).toBeNull();
});
