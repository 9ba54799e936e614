import type { BusinessMetric } from '@repo/contract/monitoring-policy';
import { type Estimate, meanByDay } from '../realised/by-day.ts';
import type { DaySum } from '../realised/day-sums.ts';

/** Decisions and how many of them were wrong, in either way. */
type Wrong = Pick<DaySum, 'falsePositive' | 'falseNegative'>;

/** What wrong decisions cost, in the metric's unit. */
const costOf = (metric: BusinessMetric, { falsePositive, falseNegative }: Wrong): number =>
  metric.falsePositive * falsePositive + metric.falseNegative * falseNegative;

/**
 * Cost per 1,000 matured decisions of whoever answered, with its interval by day: `sums` are those of the dimension `decisions`, the others
 * are passed over.
 */
export function businessCost(metric: BusinessMetric, sums: readonly DaySum[]): Estimate {
  const days = sums.filter(({ dimension, matured }) => dimension === 'decisions' && matured > 0);
  return meanByDay({
    days: days.map(({ day }) => day),
    sums: days.map((day) => 1000 * costOf(metric, day)),
    rows: days.map(({ matured }) => matured),
  });
}
