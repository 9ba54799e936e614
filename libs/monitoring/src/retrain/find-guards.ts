import type { Split } from '@repo/contract/split';
import { rowsAround } from './find-triggers.ts';
import type { DoubtfulDays, RetrainSituation } from './retrain-situation.ts';

/** What keeps a run from beginning. */
export const Guard = {
  window: 'window',
  newRows: 'new-rows',
  labelRate: 'label-rate',
  labelStorm: 'label-storm',
  quarantine: 'quarantine',
  incident: 'incident',
  promotion: 'promotion-open',
} as const;
export type Guard = (typeof Guard)[keyof typeof Guard];

/** A guard that holds, and the sentence that says why. */
export interface Held {
  readonly guard: Guard;
  readonly text: string;
}

/** How many times one number is the other, whichever is larger; 1 where that cannot be said. */
function ratioOf(a: number, b: number): number {
  if (a < 0 || b < 0 || (a === 0 && b === 0)) return 1;
  return Math.max(a, b) / Math.max(Math.min(a, b), Number.MIN_VALUE);
}

function labelGuards(situation: RetrainSituation, until: string): Held[] {
  const { guards } = situation.policy;
  const { older, newer } = rowsAround(situation, until);
  if (newer.rows < guards.newRows)
    return [
      {
        guard: Guard.newRows,
        text: `${newer.rows} labelled rows are new, fewer than ${guards.newRows}: wait for labels`,
      },
    ];
  const held: Held[] = [];
  const [before, now] = [older.sum / Math.max(1, older.rows), newer.sum / newer.rows];
  if (older.rows > 0 && ratioOf(before, now) > guards.labelRateRatio)
    held.push({
      guard: Guard.labelRate,
      text: `the label was ${before.toPrecision(3)} on average and is ${now.toPrecision(3)} in the new rows, more than ${guards.labelRateRatio} times another: look for a changed meaning or a broken join`,
    });
  const [perDay, newPerDay] = [older.rows / Math.max(1, older.days), newer.rows / Math.max(1, newer.days)];
  if (older.rows > 0 && newPerDay / perDay > guards.labelRateRatio)
    held.push({
      guard: Guard.labelStorm,
      text: `${newPerDay.toFixed(0)} labels came a day, against ${perDay.toFixed(0)} before: look for rows that came twice`,
    });
  return held;
}

const overlaps = ({ from, to }: DoubtfulDays, [begin, end]: readonly [string, string]): boolean =>
  from < end && (to === null || to > begin);
const daysOf = ({ from, to }: DoubtfulDays): string => (to === null ? `since ${from}` : `${from} to ${to}`);

/** Doubt about days that the champion has not seen; what it learned from already is no news. */
function doubtGuards({ champion, incidents, quarantined }: RetrainSituation, { test }: Split): Held[] {
  const fresh = [champion.validate[1] < test[0] ? champion.validate[1] : test[0], test[1]] as const;
  const found = (guard: Guard, all: readonly DoubtfulDays[], what: string): Held[] =>
    all
      .filter((days) => overlaps(days, fresh))
      .map((days) => ({ guard, text: `${what} ${daysOf(days)}: ${days.reason}` }));
  return [
    ...found(Guard.quarantine, quarantined, 'data lies in quarantine,'),
    ...found(Guard.incident, incidents, 'an incident,'),
  ];
}

/** One candidate at a time waits for a person: a second would be compared with a champion that the first is about to replace. */
const promotionGuards = ({ promotions }: RetrainSituation): Held[] =>
  promotions.map(({ number, branch }) => ({
    guard: Guard.promotion,
    text: `pull request #${number}, ${branch}, waits for somebody: merge or close it`,
  }));

/**
 * The guards that hold against learning from a window. Nobody gets past them, not even by asking. A killed run that is gone on with may have opened
 * its promotion already, and finds it again.
 */
export function findGuards(situation: RetrainSituation, window: Split, resumes: boolean): Held[] {
  return [
    ...labelGuards(situation, window.test[1]),
    ...doubtGuards(situation, window),
    ...(resumes ? [] : promotionGuards(situation)),
  ];
}
