import { answersOf } from './answers-of.ts';
import { type DayInterval, dayInterval } from './day-interval.ts';
import type { Outcome, OutcomeWithFeatures } from './read-outcomes.ts';
import { lossesOf } from './week-quality.ts';

/** Realised log-loss after a promotion against before. */
export interface Comparison {
  /** Of the old champion's answers, from the alarm's first week to the promotion. */
  readonly before: DayInterval & { readonly rows: number };
  /** Of the new champion's answers since. */
  readonly after: DayInterval & { readonly rows: number };
  /** On the same flights: the loss of the new champion's answers less that of what the old one would have answered from the same features. Below 0 is better. */
  readonly paired: DayInterval & { readonly rows: number; readonly days: number };
  /** What the old one would have had on these flights. */
  readonly oldOnSame: DayInterval;
}

const withRows = (rows: readonly Outcome[]) => ({ ...dayInterval(rows, lossesOf(rows)), rows: rows.length });

/** Compares the answers of two champions. `oldBundleDir` holds the bundle of the first. */
export async function compareModels(
  before: readonly Outcome[],
  after: readonly OutcomeWithFeatures[],
  oldBundleDir: string,
): Promise<Comparison> {
  const probabilities = await answersOf(oldBundleDir, after);
  const old = after.map(({ atUs, isLate }, i) => ({ atUs, isLate, probability: probabilities[i] as number }));
  const [newLosses, oldLosses] = [lossesOf(after), lossesOf(old)];
  const differences = newLosses.map((loss, i) => loss - (oldLosses[i] as number));
  const days = new Set(after.map(({ atUs }) => Math.floor(atUs / 86_400e6))).size;
  return {
    before: withRows(before),
    after: withRows(after),
    paired: { ...dayInterval(after, differences), rows: after.length, days },
    oldOnSame: dayInterval(old, oldLosses),
  };
}
