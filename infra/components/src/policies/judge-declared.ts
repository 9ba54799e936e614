import { InputError, type Problem, show } from '@repo/contract/input-error';
import { allPolicies } from './all-policies.ts';
import { resourceKey } from './declared-resource.ts';
import type { Declared, Finding } from './policy.ts';
import type { Suppression } from './suppression.ts';

/** A finding that counts, as reports show it. */
export interface Violation {
  readonly policy: string;
  /** Type and name. */
  readonly resource: string;
  readonly problem: string;
}

/** A finding that is borne. */
export interface Borne extends Violation {
  readonly reason: string;
  readonly until: string;
}

export interface Judgement {
  readonly violations: readonly Violation[];
  readonly borne: readonly Borne[];
}

const appliesTo = ({ stacks }: Suppression, { stack }: Declared): boolean =>
  stacks === undefined || stacks.includes(stack);

/** How far ahead the last day of a suppression may be: what is borne for longer is no longer looked at. */
const longestDays = 180;
const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** What a suppression names and nothing has: it would hide something one day that nobody looked at. And what has no end in sight. */
function problemsOf(
  suppressions: readonly Suppression[],
  declared: Declared,
  found: readonly Violation[],
  today: string,
): Problem[] {
  const latest = dayAfter(today, longestDays);
  const keys = new Set(declared.resources.map(resourceKey));
  return suppressions.flatMap((one, i): Problem[] => {
    const path = `infra/${declared.program}/suppressions.json[${i}]`;
    if (!allPolicies.some(({ name }) => name === one.policy)) {
      const allowed = allPolicies.map(({ name }) => name).join(', ');
      return [{ path: `${path}.policy`, received: show(one.policy), allowed, action: 'correct it' }];
    }
    if (one.until > latest) {
      const allowed = `a day up to ${latest}, ${longestDays} days from today`;
      return [{ path: `${path}.until`, received: show(one.until), allowed, action: 'name an earlier day' }];
    }
    if (!appliesTo(one, declared)) return [];
    const received = show(one.resource);
    if (!keys.has(one.resource)) {
      const allowed = `a type and a name that ${declared.program} declares on ${declared.stack}`;
      return [{ path: `${path}.resource`, received, allowed, action: 'correct it, or name its stacks' }];
    }
    if (found.some(({ policy, resource }) => policy === one.policy && resource === one.resource)) return [];
    const allowed = `something that ${one.policy} finds on ${declared.stack}`;
    return [{ path, received, allowed, action: 'take it out: there is nothing to bear any more' }];
  });
}

/**
 * Runs every policy over what a program declares. A finding that a suppression names is borne until its last day has passed; then it counts
 * again. Throws InputError for suppressions of a policy or a resource that does not exist, for those that suppress nothing, and for a last
 * day more than 180 days ahead.
 * @param today such as 2026-11-28.
 */
export function judgeDeclared(declared: Declared, suppressions: readonly Suppression[], today: string): Judgement {
  const toViolation = (policy: string, { resource, problem }: Finding): Violation => ({
    policy,
    resource: resourceKey(resource),
    problem,
  });
  const found = allPolicies.flatMap((policy) => policy.check(declared).map((one) => toViolation(policy.name, one)));
  const problems = problemsOf(suppressions, declared, found, today);
  if (problems.length > 0) throw new InputError(problems);
  const suppressionOf = ({ policy, resource }: Violation): Suppression | undefined =>
    suppressions.find((one) => one.policy === policy && one.resource === resource && appliesTo(one, declared));
  const violations: Violation[] = [];
  const borne: Borne[] = [];
  for (const one of found) {
    const suppression = suppressionOf(one);
    if (suppression === undefined) violations.push(one);
    else if (suppression.until >= today) borne.push({ ...one, reason: suppression.reason, until: suppression.until });
    else violations.push({ ...one, problem: `${one.problem} (its suppression ended on ${suppression.until})` });
  }
  return { violations, borne };
}
