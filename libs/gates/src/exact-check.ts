import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { decide, type Limit } from './decide.ts';
import { makeCheck } from './make-check.ts';

/** What is known for certain about a number. */
export interface Counted {
  name: string;
  value: number;
  limit: Limit;
  unit?: string;
  /** What was looked at, a sentence. */
  found: string;
  /** What to do where it is not good, a sentence. */
  todo: string;
}

/** A check of a number that nothing is estimated about: pass or fail. */
export function exactCheck({ name, value, limit, unit = '', found, todo }: Counted): GateCheck {
  const outcome = decide({ estimate: value, lower: value, upper: value }, limit);
  const detail = outcome === Outcome.pass ? found : `${found} ${todo}`;
  return makeCheck(name, outcome, { value, limit, unit, detail });
}
