import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { decide, type Estimate, type Limit } from './decide.ts';
import { makeCheck } from './make-check.ts';

/** A number that was estimated. */
export interface Judged {
  name: string;
  interval: Estimate;
  limit: Limit;
  /** Whether the limit itself is not good enough. Default false. */
  strict?: boolean;
  /** Decides otherwise than {@link decide}, where a gate has to know more than the interval. */
  outcome?: Outcome;
  unit?: string;
  /** What was looked at, a sentence. */
  found: string;
  /** What to do where it is not good, a sentence. */
  todo: string;
}

const undecided = 'The interval holds the limit, so that it cannot be told yet: measure on more days.';
const byChance =
  'Of as many as were looked at, one may be so by chance, so that it cannot be told yet: measure on more days.';

/** A check of a number with an interval, decided by the whole interval. */
export function judgedCheck(judged: Judged): GateCheck {
  const { name, interval, limit, strict = false, unit = '', found, todo } = judged;
  const plain = decide(interval, limit, strict);
  const outcome = judged.outcome ?? plain;
  const why = plain === Outcome.fail ? byChance : undecided;
  const advice: Partial<Record<Outcome, string>> = { fail: todo, warn: todo, inconclusive: why };
  const detail = [found, advice[outcome] ?? ''].join(' ').trim();
  const { estimate, lower, upper } = interval;
  return makeCheck(name, outcome, { value: estimate, interval: [lower, upper], limit, unit, detail });
}
