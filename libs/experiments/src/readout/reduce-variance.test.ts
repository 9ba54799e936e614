import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { type SimulationOptions, simulateExperiment } from '../fixtures/simulated-experiment.ts';
import { compareArms } from './compare-arms.ts';
import type { UnitMetric } from './experiment-evidence.ts';

type Options = Omit<SimulationOptions, 'random' | 'units'>;

/** The comparisons of many experiments of a thousand units. */
function compareMany(runs: number, options: Options, change: (metric: UnitMetric) => UnitMetric = (metric) => metric) {
  return Array.from({ length: runs }, (_, seed) => {
    const { arms } = simulateExperiment({ ...options, random: createRandom(seed), units: 1000 }).look(1000);
    const [control, treatment] = arms.map(({ metrics }) => change(metrics[0] as UnitMetric)) as [
      UnitMetric,
      UnitMetric,
    ];
    const found = compareArms(control, treatment, { alpha: 0.05, plannedUnits: 2000, isShare: false });
    if (found === null) throw new RangeError('too few units');
    return found;
  });
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
const spread = (values: readonly number[]): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
};
const widths = (found: ReturnType<typeof compareMany>) => mean(found.map(({ interval }) => interval[1] - interval[0]));
const withoutPast = (metric: UnitMetric): UnitMetric => ({ ...metric, before: null });

test('what the past explains is taken off: the effect stays what it is, and its interval gets narrower as its spread does', () => {
  const options = { effect: 0.25, likeness: 1 };
  const [reduced, plain] = [compareMany(300, options), compareMany(300, options, withoutPast)];
  expect(reduced.every(({ reduction }) => reduction.used)).toBe(true);
  const effects = [reduced, plain].map((found) => found.map(({ effect }) => effect)) as [number[], number[]];
  for (const of of effects) expect(Math.abs(mean(of) - 0.25)).toBeLessThan((3 * spread(of)) / Math.sqrt(300));
  const narrower = widths(reduced) / widths(plain);
  expect(narrower).toBeLessThan(0.9);
  expect(Math.abs(spread(effects[0]) / spread(effects[1]) - narrower)).toBeLessThan(0.1);
});

test.each([
  ['does not correlate', { likeness: 0.1 }, (correlation: number) => correlation < 0.3],
  ['half the units do not have', { history: 0.5 }, (_: number, history: number) => history < 0.8],
])('a past that %s is not used', (_, options, expected) => {
  for (const { reduction } of compareMany(5, options)) {
    expect(reduction).toMatchObject({ used: false, varianceLeft: 1 });
    expect(expected(reduction.correlation, reduction.history)).toBe(true);
  }
});

test('without a past the effect is the difference of the means that are shown', () => {
  for (const { effect, treatment, control } of compareMany(3, {}, withoutPast)) {
    expect(effect).toBeCloseTo(treatment - control, 12);
  }
});

test('a past that the arm has touched would hide the effect: it must lie before the exposure', () => {
  const touched = (metric: UnitMetric): UnitMetric => ({ ...metric, before: { sums: metric.sums, rows: metric.rows } });
  expect(mean(compareMany(20, { effect: 0.25 }, touched).map(({ effect }) => effect))).toBeLessThan(0.1);
});

test('units without a row yet are left out', () => {
  const half = ({ sums, rows, before }: UnitMetric): UnitMetric => ({
    sums: sums.map((sum, i) => (i % 2 === 0 ? sum : 0)),
    rows: rows.map((count, i) => (i % 2 === 0 ? count : 0)),
    before,
  });
  const [found] = compareMany(1, {}, half);
  expect((found?.units.control ?? 0) + (found?.units.treatment ?? 0)).toBeGreaterThan(490);
  expect((found?.units.control ?? 0) + (found?.units.treatment ?? 0)).toBeLessThan(510);
});

test('what nobody has done yet is not taken for impossible: about three in all the answers of an arm are not excluded', () => {
  const never = (metric: UnitMetric): UnitMetric => ({ ...metric, sums: metric.sums.map(() => 0), before: null });
  const { arms } = simulateExperiment({ random: createRandom(1), units: 1000 }).look(1000);
  const [control, treatment] = arms.map(({ metrics }) => never(metrics[0] as UnitMetric)) as [UnitMetric, UnitMetric];
  const answers = (arms[1]?.answers ?? 0) as number;
  const upper = (isShare: boolean) =>
    compareArms(control, treatment, { alpha: 0.05, plannedUnits: 2000, isShare })?.interval[1] ?? 0;
  expect(upper(true) * answers).toBeGreaterThan(3);
  expect(upper(true) * answers).toBeLessThan(6);
  expect(upper(false)).toBe(0);
});
