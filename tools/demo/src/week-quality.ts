import type { InstantUs } from '@repo/contract/instant';
import { logLossByRow } from '@repo/stats/log-loss';
import { type DayInterval, dayInterval } from './day-interval.ts';
import type { Outcome } from './read-outcomes.ts';

/** What a week's answers were worth. */
export interface WeekQuality {
  readonly fromUs: InstantUs;
  readonly toUs: InstantUs;
  readonly rows: number;
  /** Days with an answer; an interval over two or three says nothing. */
  readonly days: number;
  /** Share of the flights that were late. */
  readonly lateShare: number;
  readonly meanScore: number;
  /** Realised log-loss in nats, with its interval of 95 % over days. */
  readonly logLoss: DayInterval;
  /** Share of the answers that a lower level than the champion gave. */
  readonly fallbackShare: number;
}

const weekUs = 7 * 86_400e6;

/** Log-loss of each answer in nats. */
export function lossesOf(rows: readonly Pick<Outcome, 'isLate' | 'probability'>[]): Float64Array {
  return logLossByRow(
    Int32Array.from(rows, ({ isLate }) => Number(isLate)),
    Float64Array.from(rows, ({ probability }) => probability),
  );
}

/** Whole weeks, and what is left at the end, of some outcomes. `originUs` is where a week begins. */
export function weeksOf(outcomes: readonly Outcome[], originUs: InstantUs): WeekQuality[] {
  const weeks = Map.groupBy(outcomes, ({ atUs }) => Math.floor((atUs - originUs) / weekUs));
  return [...weeks]
    .sort(([a], [b]) => a - b)
    .map(([week, rows]) => {
      const share = (is: (one: Outcome) => boolean) => rows.filter(is).length / rows.length;
      return {
        fromUs: originUs + week * weekUs,
        toUs: originUs + (week + 1) * weekUs,
        rows: rows.length,
        days: new Set(rows.map(({ atUs }) => Math.floor(atUs / 86_400e6))).size,
        lateShare: share(({ isLate }) => isLate),
        meanScore: rows.reduce((sum, { probability }) => sum + probability, 0) / rows.length,
        logLoss: dayInterval(rows, lossesOf(rows)),
        fallbackShare: share(({ level }) => level !== 'champion'),
      };
    });
}
