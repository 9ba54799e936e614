import { type GateCheck, Outcome } from '@repo/contract/gate-report';

/** Where the good side of a number ends, as a check of the report states it. */
export type Limit = NonNullable<GateCheck['limit']>;

/** A number with the ends of its interval. */
export interface Estimate {
  estimate: number;
  lower: number;
  upper: number;
}

/** Shares and losses of the same model, rounded once more, differ by less. */
const rounding = 1e-6;

/**
 * Decides by a whole interval: pass when all of it lies on the good side of the limit, fail when all of it lies on the bad side, else
 * inconclusive. The limit itself is good, and with `strict` bad, as nothing gained is no gain; so is what float32 answers cannot tell from it.
 * A number that is not finite fails.
 */
export function decide({ estimate, lower, upper }: Estimate, { good, at }: Limit, strict = false): Outcome {
  if (![estimate, lower, upper, at].every(Number.isFinite)) return Outcome.fail;
  const [worst, best] = good === 'at least' ? [lower - at, upper - at] : [at - upper, at - lower];
  if (strict ? worst > rounding : worst >= 0) return Outcome.pass;
  return (strict ? best <= rounding : best < 0) ? Outcome.fail : Outcome.inconclusive;
}
