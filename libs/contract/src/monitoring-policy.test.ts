import { expect, test } from 'vitest';
import { checkMonitoringPolicy, latencyObjectiveSeconds, monitoringPolicySchema } from './monitoring-policy.ts';

const watched = (timeoutMs: number, latencyP99Ms?: number) => ({
  serving: { timeoutMs },
  monitoring: monitoringPolicySchema.parse({ objectives: { latencyP99Ms } }),
});

test('a definition that says nothing about monitoring has every objective', () => {
  expect(monitoringPolicySchema.parse(undefined)).toEqual({
    objectives: {
      availability: 0.999,
      fallbackShare: 0.05,
      missingFeatureShare: 0.1,
      staleFeatureShare: 0.05,
      scoreShift: 0.2,
      labelCoverage: 0.9,
    },
    quality: { window: '1d', over: '14d', maturity: 0.95, minRows: 200 },
    business: [],
  });
});

test('latency is the largest bound of the histogram within half of the timeout, unless the definition names one', () => {
  expect([1, 30, 200, 1000, 60_000].map((ms) => latencyObjectiveSeconds(watched(ms)))).toEqual([
    0.0005, 0.01, 0.1, 0.5, 10,
  ]);
  expect(latencyObjectiveSeconds(watched(200, 50))).toBe(0.05);
});

test('a latency that could only be estimated is refused with the bounds that can be counted', () => {
  const [problem] = checkMonitoringPolicy('m', watched(200, 60));
  expect(problem).toMatchObject({ path: 'm.monitoring.objectives.latencyP99Ms', received: '60' });
  expect(problem?.allowed).toMatch(/^0\.1, 0\.5, .* 100: /);
  expect(checkMonitoringPolicy('m', watched(200, 250)), 'beyond the timeout').toHaveLength(1);
  for (const bound of [0.5, 2.5, 50, 100]) expect(checkMonitoringPolicy('m', watched(200, bound))).toEqual([]);
});

const cost = { name: 'missedDelayCost', about: 'Cost', unit: 'EUR', falseNegative: 7, falsePositive: 3, limit: 10 };
test.each([
  ['windows that no day holds', { quality: { window: '7h' } }, 'binary', 'm.monitoring.quality.window'],
  [
    'a limit on a metric of another task',
    { quality: { limits: { mae: 3 } } },
    'binary',
    'm.monitoring.quality.limits.mae',
  ],
  [
    'more labels than are there when an answer is matured',
    { quality: { maturity: 0.8 } },
    'binary',
    'm.monitoring.objectives.labelCoverage',
  ],
  ['costs of decisions that a regression never takes', { business: [cost] }, 'regression', 'm.monitoring.business'],
  ['two costs of one name', { business: [cost, cost] }, 'binary', 'm.monitoring.business'],
] as const)('%s are refused', (_, monitoring, task, path) => {
  const watchedModel = { serving: { timeoutMs: 200 }, monitoring: monitoringPolicySchema.parse(monitoring) };
  expect(checkMonitoringPolicy('m', watchedModel, task).map((problem) => problem.path)).toEqual([path]);
});

test('windows of hours and of whole days are fine, and so is a cost of a classification', () => {
  for (const window of ['1h', '6h', '1d', '7d'] as const) {
    const monitoring = monitoringPolicySchema.parse({ quality: { window, limits: { auc: 0.7 } }, business: [cost] });
    expect(checkMonitoringPolicy('m', { serving: { timeoutMs: 200 }, monitoring })).toEqual([]);
  }
});
