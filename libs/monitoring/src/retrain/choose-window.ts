import type { Split } from '@repo/contract/split';
import type { RetrainSituation } from './retrain-situation.ts';

const dayUs = 86_400e6;

/** A day of the calendar as microseconds, and back. */
export const usOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) * 1000;
export const dayOfUs = (us: number): string => new Date(Math.floor(us / dayUs) * 86_400_000).toISOString().slice(0, 10);

const lengthOf = ([from, to]: readonly [string, string]): number => (usOfDay(to) - usOfDay(from)) / dayUs;
const plusDays = (day: string, days: number): string => dayOfUs(usOfDay(day) + days * dayUs);

/** Either the days of a retrain, or why there are none. */
export type ChosenWindow = { readonly window: Split } | { readonly window: null; readonly why: string };

/**
 * The days of a retrain: test on the newest ones whose labels are known, tune on those before, learn from everything before that. The champion
 * must not have learned from a test day, and the candidate must learn from later days than the champion did.
 */
export function chooseWindow(
  situation: Pick<RetrainSituation, 'policy' | 'nowUs' | 'knownAfterUs' | 'declared' | 'champion' | 'days'>,
): ChosenWindow {
  const { policy, nowUs, knownAfterUs, declared, champion, days } = situation;
  const { testDays = lengthOf(declared.test), validateDays = lengthOf(declared.validate), trainDays } = policy.window;
  // A day counts once all of it is old enough to be labelled.
  const known = dayOfUs(nowUs - knownAfterUs);
  const last = days.findLast(({ day, rows }) => rows > 0 && day < known)?.day;
  if (last === undefined) return { window: null, why: `no day before ${known} has a labelled row` };
  const end = plusDays(last, 1);
  const test = plusDays(end, -testDays);
  const learned = champion.validate[1];
  if (test <= learned) {
    const since = Math.max(0, lengthOf([learned, end]));
    const why = `the champion learned up to ${learned} and labels are known up to ${end}: of ${since} days, ${testDays} are for the test, which leaves nothing more to learn from`;
    return { window: null, why };
  }
  const validate = plusDays(test, -validateDays);
  const earliest = trainDays === undefined ? declared.train[0] : plusDays(validate, -trainDays);
  const train = earliest > declared.train[0] ? earliest : declared.train[0];
  if (train >= validate) return { window: null, why: `no day is left before ${validate} to learn from` };
  return { window: { train: [train, validate], validate: [validate, test], test: [test, end] } };
}
