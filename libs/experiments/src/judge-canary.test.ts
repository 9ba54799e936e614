import { judgementSchema } from '@repo/contract/judgement';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArmEvidence, CanaryEvidence } from './canary-evidence.ts';
import { exampleArm, exampleEvidence, exampleModel } from './fixtures/example-evidence.ts';
import { judgeCanary } from './judge-canary.ts';

const judge = (evidence: CanaryEvidence) => judgeCanary(exampleModel, evidence);
const outcomes = (evidence: CanaryEvidence) =>
  Object.fromEntries(judge(evidence).metrics.map(({ metric, outcome }) => [metric, outcome]));
const allPass = {
  errors: 'pass',
  latency: 'pass',
  scores: 'pass',
  fallback: 'pass',
  agreement: 'pass',
  refused: 'pass',
  'sample-ratio': 'pass',
};

const { latency, scores } = exampleArm(300);
const only = (bucket: number) =>
  (latency as NonNullable<typeof latency>).counts.map((_, i) => (i === bucket ? 300 : 0));

/** Evidence of 300 requests of each side in which one thing is badly wrong, and the metric that says so. */
const harms: [what: string, metric: string, evidence: CanaryEvidence][] = [
  ['errors on a tenth of the requests', 'errors', exampleEvidence(300, { errors: 30 })],
  [
    'every answer in 100 to 250 ms',
    'latency',
    exampleEvidence(300, { latency: { bounds: latency?.bounds ?? [], counts: only(8) } }),
  ],
  [
    'the same score for all',
    'scores',
    exampleEvidence(300, { scores: { bounds: scores?.bounds ?? [], counts: only(5) } }),
  ],
  [
    'scores turned round',
    'scores',
    exampleEvidence(300, { scores: { bounds: scores?.bounds ?? [], counts: [...(scores?.counts ?? [])].reverse() } }),
  ],
  ['a lower level for a fifth', 'fallback', exampleEvidence(300, { fallbacks: 60 })],
  [
    'answers that its own bundle does not give',
    'agreement',
    { ...exampleEvidence(300), agreement: { compared: 300, disagreed: 30, largest: 0.4 } },
  ],
  [
    'answers that are no numbers',
    'agreement',
    { ...exampleEvidence(300), agreement: { compared: 300, disagreed: 300, largest: null } },
  ],
];

test.each(harms)('%s fail within 300 canary requests, by %s and nothing else', (_what, metric, evidence) => {
  const { verdict, reason, metrics } = judge(evidence);
  expect(verdict).toBe('fail');
  expect(metrics.filter(({ outcome }) => outcome === 'fail').map((row) => row.metric)).toEqual([metric]);
  expect(reason).toMatch(new RegExp(`^${metric}: .+: the effect is at least [\\d.]+ %, [\\d.]+ % is allowed\\.$`));
});

test.each(harms)('%s say nothing while there are fewer', (_what, _metric, evidence) => {
  const { verdict, reason } = judge({ ...evidence, stable: exampleArm(299) });
  expect(verdict).toBe('inconclusive');
  expect(reason).toBe('Too few requests: 299 of 300 stable requests.');
});

test('two equal sides pass with the planned sample, and the reason says what that does not exclude', () => {
  const { verdict, reason } = judge(exampleEvidence(1000));
  expect(verdict).toBe('pass');
  expect(outcomes(exampleEvidence(1000))).toEqual(allPass);
  expect(reason).toBe(
    'No metric is worse than its margin allows, on 1000 stable and 1000 canary requests. Not excluded: errors up to 1.56 %, latency up to 3.19 %, fallback up to 2.23 %, refused up to 1.17 %.',
  );
});

test('before, what is not settled is inconclusive and says how far it is open', () => {
  const { verdict, reason } = judge(exampleEvidence(999));
  expect(verdict).toBe('inconclusive');
  expect(reason).toContain('errors: 0.501 % of 999 canary requests failed or were late');
  expect(reason).toContain('not settled before 1000 were seen');
});

test('with enough requests harm beyond every margin is excluded', () => {
  const arm = (changes: Partial<ArmEvidence> = {}) => exampleArm(400_000, { errors: 200, ...changes });
  const { verdict, reason } = judge({ ...exampleEvidence(1000), stable: arm(), canary: arm() });
  expect(verdict).toBe('pass');
  expect(reason).toBe('No metric is worse than its margin allows, on 400000 stable and 400000 canary requests.');
});

test('a regression has no scores to compare, and passes without', () => {
  const evidence = exampleEvidence(1000, { scores: null });
  expect(judgeCanary({ ...exampleModel, task: 'regression' }, evidence)).toMatchObject({ verdict: 'pass' });
  expect(judge(evidence)).toMatchObject({ verdict: 'inconclusive', reason: 'scores: Canary scores are missing.' });
});

test('requests that do not follow the replicas withhold everything, even a fail', () => {
  const { verdict, reason, metrics } = judge(exampleEvidence(1000, { replicas: 6, errors: 500 }));
  expect(verdict).toBe('inconclusive');
  expect(reason).toMatch(/^All results are withheld: 50 % of 2000 requests reached the canary, which had 75 %/);
  expect(metrics.every(({ outcome }) => outcome === 'inconclusive')).toBe(true);
});

test('a canary that refuses what callers send waits for a person, whose mistake it ever is', () => {
  const { verdict, reason, metrics } = judge(exampleEvidence(1000, { refusals: 100 }));
  expect(verdict).toBe('inconclusive');
  expect(reason).toMatch(/^refused: 10 % of 1000 canary requests were refused, 0 % of 1000 stable ones: the effect is/);
  expect(metrics.filter(({ outcome }) => outcome !== 'pass').map(({ metric }) => metric)).toEqual(['refused']);
  const mistaken = { stable: exampleArm(1000, { refusals: 300 }), canary: exampleArm(1000, { refusals: 310 }) };
  expect(judge({ ...exampleEvidence(1000), ...mistaken })).toMatchObject({ verdict: 'pass' });
});

test('a deviation within the margin, as connections that live long make it, withholds nothing', () => {
  expect(judge(exampleEvidence(20_000, { replicas: 2.8 }))).toMatchObject({ verdict: 'pass' });
});

describe('what the judge finds', () => {
  const arm = fc.integer({ min: 10, max: 5000 }).chain((requests) =>
    fc.record({
      requests: fc.constant(requests),
      errors: fc.nat(requests),
      fallbacks: fc.nat(requests),
      replicas: fc.integer({ min: 1, max: 9 }),
    }),
  );
  const armWith = ({ requests, ...changes }: { requests: number } & Partial<ArmEvidence>) =>
    exampleArm(requests, changes);
  const anyEvidence = fc.record({ stable: arm.map(armWith), canary: arm.map(armWith) }).map((sides) => ({
    ...sides,
    agreement: { compared: 300, disagreed: 0, largest: 0 },
  }));

  test('is a judgement by its schema', () => {
    const side = { podHash: '7c9d', versions: ['2'] };
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const times = { since: '2026-01-01T00:00:00Z', at: '2026-01-01T00:01:00Z' };
        const about = { schemaVersion: 1, model: 'flight-delay', stable: side, canary: side, ...times };
        expect(judgementSchema.safeParse({ ...about, ...judge(evidence) }).error).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  test('does not change when all replicas are counted in another unit', () => {
    fc.assert(
      fc.property(anyEvidence, fc.integer({ min: 2, max: 100_000 }), (evidence, factor) => {
        const scaled = (one: ArmEvidence): ArmEvidence => ({ ...one, replicas: (one.replicas as number) * factor });
        const other = judge({ ...evidence, stable: scaled(evidence.stable), canary: scaled(evidence.canary) });
        expect(other.verdict).toBe(judge(evidence).verdict);
      }),
      { numRuns: 50 },
    );
  });

  test('changes the sign of errors and fallbacks, and of nothing else, when the sides are exchanged', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const row = (one: CanaryEvidence, metric: string) =>
          judge(one).metrics.find((found) => found.metric === metric);
        const swapped = { ...evidence, stable: evidence.canary, canary: evidence.stable };
        for (const metric of ['errors', 'fallback'])
          expect(row(swapped, metric)?.effect).toBeCloseTo(-(row(evidence, metric)?.effect ?? Number.NaN), 12);
        expect(row(swapped, 'scores')?.effect).toBeCloseTo(row(evidence, 'scores')?.effect ?? Number.NaN, 12);
      }),
      { numRuns: 50 },
    );
  });

  test('stays a fail with one more of what is wrong', () => {
    fc.assert(
      fc.property(fc.nat(290), fc.nat(290), fc.nat(290), (errors, fallbacks, disagreed) => {
        const evidence = (more: number): CanaryEvidence => ({
          ...exampleEvidence(300, { errors: errors + more, fallbacks: fallbacks + more }),
          agreement: { compared: 300, disagreed: disagreed + more, largest: 0.1 },
        });
        if (judge(evidence(0)).verdict === 'fail') expect(judge(evidence(1)).verdict).toBe('fail');
      }),
      { numRuns: 100 },
    );
  });
});
