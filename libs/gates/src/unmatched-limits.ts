import { type GateLimitName, gateLimits } from '@repo/contract/gate-limit';
import type { GateName } from '@repo/contract/gate-name';
import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import type { Evidence } from './evidence.ts';
import { limitOf } from './limit-of.ts';
import { makeCheck } from './make-check.ts';

/**
 * A failing check for each limit of the definition that no check of its gate was held to: who sets a limit believes in what it guards.
 * A check that does not apply for now, such as a comparison without a champion, names its limit and so counts.
 */
export function unmatchedLimits(
  { model }: Pick<Evidence, 'model'>,
  gate: GateName,
  checks: readonly GateCheck[],
): GateCheck[] {
  const names = Object.keys(model.gates.limits) as GateLimitName[];
  const ofGate = names.filter((name) => gateLimits[name].gate === gate);
  const unmatched = ofGate.filter((name) => {
    const { good, at } = limitOf({ model }, name);
    return !checks.some(({ limit }) => limit?.good === good && limit.at === at);
  });
  return unmatched.map((name) =>
    makeCheck(`limit ${name}`, Outcome.fail, {
      limit: limitOf({ model }, name),
      unit: gateLimits[name].unit,
      detail: `The definition sets gates.limits.${name}, yet there is nothing here that it is held against: take it out, or declare what it is about.`,
    }),
  );
}
