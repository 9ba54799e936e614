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
    },
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
