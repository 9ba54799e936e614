import { expect, test } from 'vitest';
import { deadlineAnalysis, judgeAnalysis } from './canary-analysis.ts';
import { exampleModel } from './example-model.ts';

const judge = {
  url: 'http://judge.models.svc.cluster.local',
  tokenSecret: { name: 'judge', key: 'ask-judge' },
  clusterUrl: 'https://kubernetes.default.svc',
};
const [metric] = judgeAnalysis(exampleModel, judge).metrics;

test('the judge is asked about both sides, with the token of a Secret, as often as the definition says', () => {
  expect(metric).toMatchObject({ interval: '1m', initialDelay: '1m' });
  expect(metric?.provider.web).toMatchObject({
    url: 'http://judge.models.svc.cluster.local/judgements/bike-demand?stable={{args.stable-hash}}&canary={{args.canary-hash}}',
    headers: [{ key: 'Authorization', value: 'Bearer {{args.token}}' }],
  });
});

test('one fail rolls back, one pass goes on, and neither silence nor doubt ever does either', () => {
  expect(metric).toMatchObject({
    ...{ successCondition: 'result.verdict == "pass"', consecutiveSuccessLimit: 1 },
    ...{ failureCondition: 'result.verdict == "fail"', failureLimit: 0 },
  });
  // Reached, they would abort the canary or promote it.
  for (const limit of ['count', 'consecutiveErrorLimit', 'inconclusiveLimit'] as const)
    expect(metric?.[limit], limit).toBeGreaterThanOrEqual(1_000_000);
});

test('the clock has a name before the API, as one without is refused by EKS and the deadline would never come', () => {
  const { args, metrics } = deadlineAnalysis(exampleModel, judge);
  expect(args).toEqual([{ name: 'token', valueFrom: { secretKeyRef: { name: 'release-clock', key: 'token' } } }]);
  expect(metrics[0]?.provider.web.headers).toEqual([{ key: 'Authorization', value: 'Bearer {{args.token}}' }]);
});

test('at its deadline a canary is inconclusive whatever is away, and asks neither the judge nor Prometheus', () => {
  const [deadline] = deadlineAnalysis(exampleModel, judge).metrics;
  expect(deadline).toMatchObject({
    ...{ initialDelay: '1h', count: 1, inconclusiveLimit: 0 },
    ...{ successCondition: 'false', failureCondition: 'false' },
  });
  expect(deadline?.provider.web.url).toBe('https://kubernetes.default.svc/version');
  expect(deadline?.consecutiveErrorLimit, 'an API that refuses must not roll back').toBeGreaterThanOrEqual(1_000_000);
});
