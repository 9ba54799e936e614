import { refusal } from './column.ts';
import { checkCount } from './parameter.ts';

/** So many successes among so many trials. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

/** A confidence interval. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** Throws RangeError unless both are whole numbers, there is a trial and no more successes than trials. */
export function checkProportion({ successes, trials }: Proportion): void {
  checkCount('trials', trials, 1);
  checkCount('successes', successes);
  if (successes > trials)
    throw refusal('successes', successes, `at most ${trials}, the trials`, 'count the successes among these trials');
}
