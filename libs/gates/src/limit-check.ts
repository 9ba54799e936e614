import { type GateLimitName, gateLimits } from '@repo/contract/gate-limit';
import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import type { Model } from '@repo/contract/model';

/** A number that was found, to be held to a limit. */
export interface Measured {
  /** Default: what the limit is about. */
  name?: string;
  value: number;
  /** 95 %, where the number is an estimate; left out where it is exact. */
  interval?: readonly [lower: number, upper: number];
  /** One sentence: what was found, and what to do where it is not good. */
  detail: string;
}

/** Where the good side of a limit ends for a model: as its definition has it, else the default. */
export const limitAt = (model: Model, name: GateLimitName): number =>
  model.gates.limits[name]?.at ?? gateLimits[name].at;

/** Pass when all of the interval is on the good side, fail when none of it is, else inconclusive; what is no number is not good. */
function decide(good: 'at most' | 'at least', at: number, [lower, upper]: readonly [number, number]): Outcome {
  const isGood = (value: number) => (good === 'at most' ? value <= at : value >= at);
  if (isGood(lower) && isGood(upper)) return Outcome.pass;
  return isGood(lower) || isGood(upper) ? Outcome.inconclusive : Outcome.fail;
}

/** Holds a number to one of the limits that a definition may move. */
export function limitCheck(model: Model, limit: GateLimitName, measured: Measured): GateCheck {
  const { value, interval, detail } = measured;
  const { good, unit, about } = gateLimits[limit];
  const at = limitAt(model, limit);
  return {
    name: measured.name ?? about,
    outcome: decide(good, at, interval ?? [value, value]),
    value: Number.isFinite(value) ? value : null,
    interval: interval === undefined ? null : [...interval],
    limit: { good, at },
    unit,
    detail,
  };
}
