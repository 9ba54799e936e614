import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { meanByDay } from './by-day.ts';

/** A mean of so many days that differ by chance alone, about 0. */
function meanOf(days: number, random = createRandom(days)) {
  const all = Array.from({ length: days }, (_, day) => day);
  return meanByDay({ days: all, sums: all.map(() => random.normal()), rows: all.map(() => 1) });
}

test('six days have a value and no interval, and of seven hardly more worlds than promised lie wholly above the truth', () => {
  expect(meanOf(6)).toEqual({ value: expect.any(Number), interval: null });
  const random = createRandom(7);
  const worlds = Array.from({ length: 250 }, () => meanOf(7, random).interval as [number, number]);
  expect(worlds.filter(([lower]) => lower > 0).length / worlds.length).toBeLessThan(0.08);
});

test('of no days nothing is known', () => {
  expect(meanOf(0)).toEqual({ value: null, interval: null });
});
