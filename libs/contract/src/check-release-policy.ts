import { microseconds } from './duration.ts';
import { type Problem, show } from './input-error.ts';
import type { ParsedModel } from './model-schema.ts';

/** Shares of replicas that replicas can make, rising to all of them. */
function checkSteps(label: string, { release, resources }: ParsedModel): Problem[] {
  const problems: Problem[] = [];
  const { min, max } = resources.replicas;
  if (max < min)
    problems.push({
      path: `${label}.resources.replicas.max`,
      received: show(max),
      allowed: `${min} or more`,
      action: 'raise max or lower min',
    });
  const smallest = Math.ceil(100 / min);
  release.steps.forEach((step, i) => {
    const path = `${label}.release.steps[${i}]`;
    if (step < smallest)
      problems.push({
        path,
        received: show(step),
        allowed: `${smallest} to 100, one of ${min} replicas being ${smallest} %`,
        action: 'raise the step or resources.replicas.min',
      });
    const before = release.steps[i - 1] ?? 0;
    if (step <= before)
      problems.push({ path, received: show(step), allowed: `more than ${before}`, action: 'steps rise' });
  });
  if (release.steps.at(-1) !== 100)
    problems.push({
      path: `${label}.release.steps`,
      received: show(release.steps),
      allowed: 'steps that end with 100',
      action: 'add 100 as the last step',
    });
  return problems;
}

function checkSpans(label: string, { release }: ParsedModel): Problem[] {
  const problems: Problem[] = [];
  if (microseconds(release.look) < 5e6)
    problems.push({
      path: `${label}.release.look`,
      received: show(release.look),
      allowed: '5s or more',
      action: 'look less often: metrics are scraped every few seconds',
    });
  if (microseconds(release.deadline) < microseconds(release.look))
    problems.push({
      path: `${label}.release.deadline`,
      received: show(release.deadline),
      allowed: `${release.look} or more, the time between two looks`,
      action: 'raise the deadline or look more often',
    });
  if (release.plannedRequests < release.minRequests)
    problems.push({
      path: `${label}.release.plannedRequests`,
      received: show(release.plannedRequests),
      allowed: `${release.minRequests} or more, as fewer tell nothing`,
      action: 'raise plannedRequests or lower minRequests',
    });
  return problems;
}

/** What is wrong with the release of a model definition, with the replicas it has. An empty list means nothing. */
export function checkReleasePolicy(label: string, model: ParsedModel): Problem[] {
  return [...checkSteps(label, model), ...checkSpans(label, model)];
}
