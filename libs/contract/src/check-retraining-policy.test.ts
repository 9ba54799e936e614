import { expect, test } from 'vitest';
import { checkRetrainingPolicy } from './check-retraining-policy.ts';
import type { ParsedModel } from './model-schema.ts';
import { retrainingPolicySchema } from './retraining-policy.ts';

const problemsOf = (policy: object) => {
  const retraining = retrainingPolicySchema.parse(policy);
  return checkRetrainingPolicy('m', { retraining } as ParsedModel).map(({ path }) => path);
};

test('a model that says nothing is trained again by the defaults', () => {
  expect(retrainingPolicySchema.parse(undefined)).toMatchObject({
    triggers: { schedule: '7d', volume: 0.2, quality: 2, estimate: 3, drift: 0.2, contractChange: true },
    ...{ coolDown: '24h', runsPerWeek: 3, lease: '2h', incidents: [], window: {} },
  });
  expect(problemsOf({})).toEqual([]);
});

test.each<[string, object, string[]]>([
  ['a pause of seconds', { coolDown: '30s' }, ['m.retraining.coolDown']],
  ['a lease of seconds', { lease: '59s' }, ['m.retraining.lease']],
  [
    'an incident that ends as it begins',
    { incidents: [{ from: '2013-05-01', to: '2013-05-01', reason: 'x' }] },
    ['m.retraining.incidents[0].to'],
  ],
])('%s is refused', (_, policy, paths) => {
  expect(problemsOf(policy)).toEqual(paths);
});

test.each([
  { triggers: { schedule: '1w' } },
  { triggers: { volume: 0 } },
  { triggers: { accuracy: 2 } },
  { runsPerWeek: 0 },
  { incidents: [{ from: '2013-02-30', to: '2013-03-01', reason: 'x' }] },
])('%j is no policy', (policy) => {
  expect(retrainingPolicySchema.safeParse(policy).success).toBe(false);
});
