import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { type Drift, driftsOf } from './drift-of.ts';
import type { BinnedFeature } from './profile-bins.ts';

/** Rows of days that each have weather of their own, in 10 bins of equal size of the reference; `shift` moves the later days. */
function weather(seed: number, days: number, shift: number): { feature: BinnedFeature; days: Int32Array } {
  const random = createRandom(seed);
  const draw = (count: number, by: number) =>
    Array.from({ length: count }, () => by + 2 * random.normal()).flatMap((mood) =>
      Array.from({ length: 40 }, () => mood + random.normal()),
    );
  const reference = draw(240, 0).sort((a, b) => a - b);
  const edges = Array.from({ length: 9 }, (_, i) => reference[((i + 1) * reference.length) / 10] as number);
  const binOf = (value: number) => edges.filter((edge) => value > edge).length;
  const counts = new Array<number>(10).fill(0);
  for (const value of reference) counts[binOf(value)] = (counts[binOf(value)] as number) + 1;
  const rows = draw(days, shift);
  return {
    feature: { name: 'temperature', reference: counts, bins: Uint16Array.from(rows, binOf) },
    days: Int32Array.from(rows, (_, row) => Math.floor(row / 40)),
  };
}
const driftOf = (feature: BinnedFeature, days: Int32Array) => driftsOf([feature], days)[0] as Drift;
const drifts = (days: number, shift: number) =>
  Array.from({ length: 20 }, (_, seed) => {
    const { feature, days: ids } = weather(seed, days, shift);
    return driftOf(feature, ids);
  });
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('days that have weather of their own are no drift, though every row is far from chance', () => {
  const found = drifts(30, 0);
  expect(found.filter(({ pValue }) => pValue < 0.001).length).toBeGreaterThan(15);
  expect(mean(found.map(({ estimate }) => estimate))).toBeLessThan(0.05);
  expect(found.filter(({ lower }) => lower > 0.1)).toEqual([]);
});

test('another climate is one, by about as much on few days as on many', () => {
  const [few, many] = [drifts(30, 2), drifts(240, 2)];
  expect(mean(many.map(({ estimate }) => estimate))).toBeGreaterThan(0.5);
  expect(mean(few.map(({ estimate }) => estimate)) / mean(many.map(({ estimate }) => estimate))).toBeCloseTo(1, 0);
  expect(many.filter(({ lower }) => lower > 0.25)).toHaveLength(20);
});

test('the interval holds the estimate, and a feature of one value cannot drift', () => {
  for (const { estimate, lower, upper } of [...drifts(30, 0), ...drifts(30, 1)]) {
    expect(lower).toBeLessThanOrEqual(estimate);
    expect(upper).toBeGreaterThanOrEqual(estimate);
  }
  const constant = { name: 'constant', reference: [500, 0], bins: new Uint16Array(100) };
  const days = Int32Array.from({ length: 100 }, (_, row) => Math.floor(row / 10));
  expect(driftOf(constant, days)).toMatchObject({ pValue: 1 });
  expect(driftOf(constant, days).upper).toBeLessThan(0.02);
});

test('features that are looked at together drift as each does alone, two of one name too', () => {
  const { feature, days } = weather(1, 30, 0);
  const other = { ...feature, bins: feature.bins.map((bin) => 9 - bin) };
  expect(driftsOf([feature, other], days)).toEqual([driftOf(feature, days), driftOf(other, days)]);
});
