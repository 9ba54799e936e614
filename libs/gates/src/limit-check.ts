import { type GateLimitName, gateLimits } from '@repo/contract/gate-limit';
import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import type { Estimate } from './decide.ts';
import type { Evidence } from './evidence.ts';
import { exactCheck } from './exact-check.ts';
import { judgedCheck } from './judged-check.ts';
import { limitOf } from './limit-of.ts';
import { makeCheck } from './make-check.ts';

/** A number that was found, to be held to a limit; an estimate where it is no exact one. */
export interface Measured {
  /** Default: what the limit is about. */
  name?: string;
  value: number | Estimate;
  /** What was looked at, a sentence. */
  found: string;
  /** What to do where it is not good, a sentence. */
  todo: string;
}

/** Holds a number to one of the limits that a definition may move: an exact one by itself, an estimate by its whole interval. */
export function limitCheck(evidence: Pick<Evidence, 'model'>, name: GateLimitName, measured: Measured): GateCheck {
  const { about, unit } = gateLimits[name];
  const { value, found, todo } = measured;
  const facts = { name: measured.name ?? about, limit: limitOf(evidence, name), unit, found, todo };
  return typeof value === 'number' ? exactCheck({ ...facts, value }) : judgedCheck({ ...facts, interval: value });
}

/** The check of a limit that nothing can be held to here; it names the limit, which therefore is not one that matches nothing. */
export function idleLimit(evidence: Pick<Evidence, 'model'>, name: GateLimitName, why: string): GateCheck {
  const { about, unit } = gateLimits[name];
  return makeCheck(about, Outcome.notApplicable, { limit: limitOf(evidence, name), unit, detail: why });
}
