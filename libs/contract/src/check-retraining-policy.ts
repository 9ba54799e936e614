import { microseconds } from './duration.ts';
import { type Problem, show } from './input-error.ts';
import type { ParsedModel } from './model-schema.ts';

/** What is wrong between a retraining policy and the rest of its definition. `label` names the model. */
export function checkRetrainingPolicy(label: string, { retraining }: ParsedModel): Problem[] {
  const { coolDown, lease, incidents } = retraining;
  const problems: Problem[] = [];
  if (microseconds(lease) < 60e6)
    problems.push({
      path: `${label}.retraining.lease`,
      received: show(lease),
      allowed: '1m or more',
      action: 'give a run the time that it takes: one that works on past its lease is taken for dead',
    });
  if (microseconds(coolDown) < 60e6)
    problems.push({
      path: `${label}.retraining.coolDown`,
      received: show(coolDown),
      allowed: '1m or more',
      action: 'raise it: without a pause a trigger that flaps trains without end',
    });
  incidents.forEach(({ from, to }, i) => {
    if (from < to) return;
    problems.push({
      path: `${label}.retraining.incidents[${i}].to`,
      received: show(to),
      allowed: `a day after ${from}`,
      action: 'name the first day that is sound again',
    });
  });
  return problems;
}
