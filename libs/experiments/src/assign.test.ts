import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chiSquaredTail } from '@repo/stats/chi-squared-distribution';
import { expect, test } from 'vitest';
import { type Allocation, bucketCount, bucketOf, createAssignment, unitText } from './assign.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const vectorFile = here('fixtures/assignment-vectors.json');
type Vectors = (Allocation & { units: { unit: string; bucket: number; arm: string | null }[] })[];
const vectors = JSON.parse(readFileSync(vectorFile, 'utf8')) as Vectors;
const noPython = spawnSync('python3', ['--version']).status !== 0;

const planes = Array.from({ length: 20_000 }, (_, i) => `N${i}AA`);
const halves = (traffic: number, salt = 'halves'): Allocation => ({
  salt,
  traffic,
  arms: [
    { name: 'a', weight: 50 },
    { name: 'b', weight: 50 },
  ],
});

function count(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}

/** P-value of counts against equal shares. */
function pOfEqual(counts: Uint32Array): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return chiSquaredTail(statistic, counts.length - 1);
}

test('the published vectors are what is computed', () => {
  for (const { units, ...allocation } of vectors) {
    const assign = createAssignment(allocation);
    const found = units.map(({ unit }) => ({
      unit,
      bucket: bucketOf(allocation.salt, unit),
      arm: assign(unit)?.arm ?? null,
    }));
    expect(found).toEqual(units);
  }
});

test.skipIf(noPython)('Python computes the same vectors, and says so when one differs', () => {
  const check = (input: string) =>
    spawnSync('python3', [here('fixtures/check-vectors.py')], { encoding: 'utf8', input });
  const count = vectors.reduce((sum, { units }) => sum + units.length, 0);
  expect(check(JSON.stringify(vectors)).stdout).toBe(`${count}\n`);
  const planted = JSON.stringify(vectors).replace(/"bucket":(\d+)/, (_, bucket) => `"bucket":${Number(bucket) + 1}`);
  const wrong = check(planted);
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringMatching(/^expected .*, found /)]);
});

test('units spread evenly over the buckets', () => {
  const counts = new Uint32Array(100);
  for (const plane of planes) count(counts, Math.floor(bucketOf('even', plane) / 100));
  expect(pOfEqual(counts)).toBeGreaterThan(0.001);
});

test('where a unit stands in one experiment says nothing about another, over 200 salts', () => {
  const some = planes.slice(0, 2000);
  const of = (salt: string) => some.map((plane) => bucketOf(salt, plane) < bucketCount / 2);
  const first = of('salt 0');
  const ps = Array.from({ length: 200 }, (_, i) => {
    const other = of(`salt ${i + 1}`);
    const cells = new Uint32Array(4);
    some.forEach((_, unit) => {
      count(cells, 2 * Number(first[unit]) + Number(other[unit]));
    });
    return pOfEqual(cells);
  });
  // 200 true hypotheses: p-values are uniform, so that below 0.001 lies one in five such tests.
  expect(Math.min(...ps)).toBeGreaterThan(0.00001);
  expect(ps.filter((p) => p < 0.05).length).toBeLessThan(25);
});

test('a ramp takes units in and moves none from arm to arm', () => {
  let before = new Map<string, string>();
  for (const traffic of [0, 1, 10, 33.33, 50, 100]) {
    const assign = createAssignment(halves(traffic));
    const arms = new Map(
      planes.flatMap((plane) => {
        const assigned = assign(plane);
        return assigned === null ? [] : [[plane, assigned.arm] as const];
      }),
    );
    expect(arms.size / planes.length).toBeCloseTo(traffic / 100, 1);
    for (const [plane, arm] of before) expect(arms.get(plane)).toBe(arm);
    before = arms;
  }
  expect(before.size).toBe(planes.length);
});

test('an arm of weight 0 gets nobody and one of 100 everybody, with propensity 1', () => {
  const all = {
    salt: 's',
    traffic: 100,
    arms: [
      { name: 'a', weight: 0 },
      { name: 'b', weight: 100 },
    ],
  };
  const assign = createAssignment(all);
  expect(planes.every((plane) => assign(plane)?.arm === 'b' && assign(plane)?.propensity === 1)).toBe(true);
});

test('the propensity is the share of the arm among those who take part, whatever the traffic', () => {
  const assign = createAssignment({
    ...halves(10),
    arms: [
      { name: 'a', weight: 20 },
      { name: 'b', weight: 80 },
    ],
  });
  const found = new Set(planes.map((plane) => assign(plane)).map((one) => one && `${one.arm} ${one.propensity}`));
  expect([...found].sort()).toEqual([null, 'a 0.2', 'b 0.8'].sort());
});

test.each([
  [[50, 49], 100],
  [[110, -10], 100],
  [[Number.NaN, 100], 100],
  [[50, 50], 101],
])('weights %j with traffic %d are refused', (weights, traffic) => {
  const arms = weights.map((weight, i) => ({ name: `arm-${i}`, weight }));
  expect(() => createAssignment({ salt: 's', traffic, arms })).toThrow(
    /allocation: received .*; allowed: weights .* sum to 100/,
  );
});

test.each([
  ['N14228', 'N14228'],
  [1545, '1545'],
  ['', null],
  [null, null],
  [undefined, null],
  [1.5, null],
  [{}, null],
  [true, null],
])('the unit of %j is %j', (value, text) => {
  expect(unitText(value)).toBe(text);
});
