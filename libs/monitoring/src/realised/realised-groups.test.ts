import { expect, test } from 'vitest';
import type { DaySum } from './day-sums.ts';
import { realisedGroups } from './realised-groups.ts';

const dayOf = (day: number, positive: number): DaySum => ({
  ...{ dimension: 'all', group: '', day, answers: 1000, known: 900, knownLoss: 450, matured: 800, maturedLoss: 400 },
  ...{ positive, falsePositive: 0, falseNegative: 0 },
});

test('a share of yes has the interval of its days, and not of rows that know nothing of each other', () => {
  const stormy = Array.from({ length: 14 }, (_, day) => dayOf(day, day % 2 === 0 ? 80 : 400));
  const [group] = realisedGroups(stormy);
  const [low, high] = group?.yes.interval ?? [0, 0];
  expect(group).toMatchObject({ answers: 14_000, known: 12_600, matured: 11_200, yes: { value: 0.3 } });
  // Days of 10 and of 50 %: a mean of 14 varies by 0.2 / √14, of 11,200 rows by 0.004.
  expect((high - low) / 2).toBeCloseTo((1.96 * 0.2) / Math.sqrt(14), 1);
  expect(high - low).toBeGreaterThan(0.15);
  expect(realisedGroups(stormy.slice(0, 2))[0]?.yes.interval).toBeNull();
});
