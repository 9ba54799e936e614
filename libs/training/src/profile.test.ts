import { deriveContract } from '@repo/contract/derive-contract';
import { profileSchema } from '@repo/contract/profile';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quickBoosting, smallModel } from './fixtures/small-world.ts';
import { profileOf } from './profile.ts';
import { createTrainingMatrix } from './training-matrix.ts';

const categories = { kind: ['cut', 'drill', 'mill'] };
const contract = deriveContract(smallModel(quickBoosting), { dataBeginsUs: 0, categories });
const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);

function profile(load: readonly number[], kind: readonly number[]) {
  const column = Float32Array.from(load);
  const matrix = createTrainingMatrix({
    featureNames: contract.features.map((f) => f.name),
    categorical: contract.features.map((f) => f.categories !== null),
    columns: [column, column, Float32Array.from(kind), column],
    labels: Float32Array.from(load, (_, row) => row % 2),
  });
  return profileSchema.parse(profileOf(contract, matrix, new Float32Array(load.length).fill(0.25), [0.4, 0.5]));
}

test('the counts and the missing of every feature add up to the rows, whatever the values', () => {
  const value = fc.oneof(fc.float({ noDefaultInfinity: true }), fc.constantFrom(0, 1, Number.NaN));
  const row = fc.tuple(value, fc.constantFrom(0, 1, 2, Number.NaN));
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 200 }), (rows) => {
      const { features, answers } = profile(
        rows.map(([load]) => load),
        rows.map(([, kind]) => kind),
      );
      for (const feature of features) expect(sum(feature.counts) + feature.missing).toBe(rows.length);
      expect(sum(answers.counts)).toBe(rows.length);
    }),
    { numRuns: 50 },
  );
});

test('a number has 20 bins with equal shares, a category a count for each of its list', () => {
  const load = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
  const found = profile([...load, Number.NaN], [...load.map((i) => (i < 600 ? 1 : 0)), Number.NaN]);
  expect(found).toMatchObject({ rows: 1001, labelMean: expect.closeTo(500 / 1001, 6) });
  const number = found.features[0] as Extract<(typeof found.features)[number], { kind: 'number' }>;
  expect(number).toMatchObject({ kind: 'number', name: 'load', missing: 1 });
  expect(number.edges).toEqual(Array.from({ length: 19 }, (_, i) => (i + 1) * 50));
  expect(number.counts).toEqual([51, ...new Array(18).fill(50), 49]);
  expect(found.features[2]).toEqual({
    kind: 'category',
    name: 'kind',
    missing: 1,
    categories: categories.kind,
    counts: [400, 600, 0],
  });
});

test('a feature of one value or none at all has bins that say so', () => {
  const [constant] = profile([5, 5, 5], [0, 0, 0]).features;
  expect(constant).toMatchObject({ edges: [5], counts: [3, 0], missing: 0 });
  const [absent] = profile([Number.NaN, Number.NaN], [0, 0]).features;
  expect(absent).toMatchObject({ edges: [], counts: [0], missing: 2 });
});
