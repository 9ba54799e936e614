import { expect, test } from 'vitest';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { kolmogorovTail, smirnovTail } from './kolmogorov-distribution.ts';

/**
 * Share of all orders of n values of one sample and m of the other that drive their distribution functions that far
 * apart.
 */
function countOrders(distance: number, n: number, m: number): number {
  const reached = (i: number, j: number) => Math.abs(i / n - j / m) >= distance - 1e-9;
  const count = (i: number, j: number, hit: boolean): [hits: number, all: number] => {
    if (i === n && j === m) return [hit ? 1 : 0, 1];
    const right = i < n ? count(i + 1, j, hit || reached(i + 1, j)) : [0, 0];
    const up = j < m ? count(i, j + 1, hit || reached(i, j + 1)) : [0, 0];
    return [(right[0] as number) + (up[0] as number), (right[1] as number) + (up[1] as number)];
  };
  const [hits, all] = count(0, 0, reached(0, 0));
  return hits / all;
}

test("the tail of Kolmogorov's limit agrees with SciPy, far out too", () => {
  expectGolden('kolmogorovTail', kolmogorovTail, 1e-12);
});

test('the limit never rises, across the seam of its two series too', () => {
  for (let step = -100; step < 100; step++)
    expect(kolmogorovTail(0.8 + (step + 1) * 1e-8)).toBeLessThan(kolmogorovTail(0.8 + step * 1e-8));
  expect([kolmogorovTail(-1), kolmogorovTail(0), kolmogorovTail(0.05), kolmogorovTail(Infinity)]).toEqual([1, 1, 1, 0]);
});

test('the exact tail is the share of all orders of the two samples', () => {
  for (const [n, m] of [
    [1, 1],
    [3, 4],
    [5, 5],
    [2, 7],
    [6, 4],
  ] as const)
    for (let step = 0; step <= n * m; step++) {
      const distance = step / (n * m);
      const expected = countOrders(distance, n, m);
      if (expected > 0) expectClose(smirnovTail(distance, n, m), expected, 1e-12);
    }
});

test('the exact tail keeps the digits of the least likely order', () => {
  let orders = 1; // of 40 and 50 values
  for (let k = 1; k <= 40; k++) orders *= (50 + k) / k;
  expectClose(smirnovTail(1, 40, 50), 2 / orders, 1e-12);
});

test('the exact tail nears the limit', () => {
  const size = 900;
  for (const x of [0.6, 1, 1.5]) {
    const distance = Math.round(x * Math.sqrt(2 / size) * size) / size;
    const limit = kolmogorovTail(distance * Math.sqrt(size / 2));
    expect(smirnovTail(distance, size, size) / limit).toBeGreaterThan(0.94);
    expect(smirnovTail(distance, size, size) / limit).toBeLessThan(1.04);
  }
});

test('NaN and sizes that are no counts are refused', () => {
  expect(() => kolmogorovTail(Number.NaN)).toThrow(/^x: received NaN; allowed: any number but NaN/);
  expect(() => smirnovTail(Number.NaN, 3, 3)).toThrow(/^distance: received NaN; allowed: any number but NaN/);
  expect(() => smirnovTail(0.5, 0, 3)).toThrow(/^n: received 0; allowed: an integer of at least 1/);
  expect(() => smirnovTail(0.5, 3, 2.5)).toThrow(/^m: received 2.5; allowed: an integer of at least 1/);
});
