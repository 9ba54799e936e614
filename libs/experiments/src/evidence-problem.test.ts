import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArmEvidence, BucketCounts, CanaryEvidence } from './canary-evidence.ts';
import { exampleArm, exampleEvidence, exampleModel } from './fixtures/example-evidence.ts';
import { judgeCanary } from './judge-canary.ts';

const changed = (change: Partial<ArmEvidence>): CanaryEvidence => exampleEvidence(1000, change);
const latency = exampleArm(1000).latency as BucketCounts;
const counts = (change: (counts: number[]) => number[]): CanaryEvidence =>
  changed({ latency: { ...latency, counts: change([...latency.counts]) } });
const stable = (change: Partial<ArmEvidence>): CanaryEvidence => ({
  ...exampleEvidence(1000),
  stable: exampleArm(1000, change),
});

/** What is wrong with the evidence, and the sentence that says so. */
const wrong: [string, CanaryEvidence, string][] = [
  ['no requests counted', changed({ requests: null }), 'canary requests are missing'],
  ['a NaN', changed({ errors: Number.NaN }), 'Canary errors are missing'],
  ['an infinite count', changed({ fallbacks: Number.POSITIVE_INFINITY }), 'Canary fallbacks are missing'],
  ['a negative count', changed({ errors: -3 }), 'Canary errors came out negative, as if a counter had run backwards'],
  ['no refusals counted', changed({ refusals: null }), 'Canary refusals are missing'],
  ['more than can be', changed({ predictions: 1e13 }), 'Canary predictions are more than can be'],
  ['more errors than requests', changed({ errors: 1200 }), 'Canary errors are more than there are in all'],
  ['no traffic on the canary', changed({ requests: 0 }), '0 of 300 canary requests'],
  ['no traffic on the stable side', stable({ requests: 0 }), '0 of 300 stable requests'],
  ['no traffic at all', exampleEvidence(0), '0 of 300 stable requests, 0 of 300 canary requests'],
  ['no predictions', changed({ predictions: 0, fallbacks: 0 }), 'There are no canary predictions'],
  ['no latencies', changed({ latency: null }), 'Canary latencies are missing'],
  ['latencies of nobody', counts((all) => all.map(() => 0)), 'There are no canary latencies'],
  [
    'buckets that ran backwards',
    counts(([first = 0, ...rest]) => [first - 1, ...rest]),
    'Canary latencies came out negative',
  ],
  ['a bucket without a number', counts(([, ...rest]) => [Number.NaN, ...rest]), 'Canary latencies are missing'],
  ['a bucket too few', counts((all) => all.slice(1)), 'Canary latencies are not counted in rising buckets'],
  [
    'other buckets than the stable side',
    changed({ latency: { bounds: latency.bounds.map((bound) => 2 * bound), counts: latency.counts } }),
    'Stable and canary latencies are counted in different buckets',
  ],
  [
    'bounds that fall',
    changed({ latency: { bounds: [...latency.bounds].reverse(), counts: latency.counts } }),
    'Canary latencies are not counted in rising buckets',
  ],
  [
    'a stable side slower than the last bucket',
    stable({ latency: { bounds: latency.bounds, counts: latency.counts.map((_, i) => (i === 10 ? 1000 : 0)) } }),
    'More than 1 % of the stable requests took longer than 0.5 s',
  ],
  ['no scores', changed({ scores: null }), 'Canary scores are missing'],
  ['no replicas counted', changed({ replicas: null }), 'Canary replicas are missing'],
  ['no pod ready', changed({ replicas: 0 }), 'No canary pod was ready'],
  [
    'nothing compared',
    { ...exampleEvidence(1000), agreement: null },
    'No logged prediction of the canary was scored again',
  ],
  [
    'a comparison of none',
    { ...exampleEvidence(1000), agreement: { compared: 0, disagreed: 0, largest: null } },
    'No logged prediction of the canary was scored again',
  ],
  [
    'a comparison without a number',
    { ...exampleEvidence(1000), agreement: { compared: 500, disagreed: Number.NaN, largest: null } },
    'Differing predictions are missing',
  ],
];

test.each(wrong)('%s is inconclusive and says so', (_what, evidence, sentence) => {
  const { verdict, reason } = judgeCanary(exampleModel, evidence);
  expect(verdict).toBe('inconclusive');
  expect(reason).toContain(sentence);
});

test('what is missing of one metric does not save a canary that another fails', () => {
  const evidence = { ...changed({ errors: 200, latency: null, replicas: null }), agreement: null };
  expect(judgeCanary(exampleModel, evidence)).toMatchObject({
    verdict: 'fail',
    reason: expect.stringMatching(/^errors:/),
  });
});

test('counts that Prometheus extrapolated may have fractions and exceed their whole a little', () => {
  const evidence = changed({ requests: 1000.4, errors: 1000.9, predictions: 1000.37, fallbacks: 10.2 });
  expect(judgeCanary(exampleModel, evidence)).toMatchObject({ verdict: 'fail' });
});

test('no evidence at all makes it throw, and none that is missing or impossible makes it pass', () => {
  const number = fc.oneof(
    fc.integer({ min: 0, max: 5000 }),
    fc.double({ min: 0, max: 3000, noNaN: true }),
    fc.constantFrom(
      Number.NaN,
      null,
      -1,
      0,
      1e-9,
      1e12,
      1e300,
      Number.POSITIVE_INFINITY,
      undefined as never,
      'x' as never,
    ),
  );
  const buckets = fc.oneof(
    fc.constant(null),
    fc.constant(latency),
    fc.record({ bounds: fc.array(fc.double(), { maxLength: 4 }), counts: fc.array(number, { maxLength: 5 }) }),
    fc.array(number, { minLength: 11, maxLength: 11 }).map((all) => ({ bounds: latency.bounds, counts: all })),
  ) as fc.Arbitrary<BucketCounts | null>;
  const counts = {
    requests: number,
    errors: number,
    refusals: number,
    predictions: number,
    fallbacks: number,
    replicas: number,
  };
  const arm = fc.record({ ...counts, latency: buckets, scores: buckets }) as fc.Arbitrary<ArmEvidence>;
  const agreement = fc.option(fc.record({ compared: number, disagreed: number, largest: number }));
  const isCount = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1e12;
  fc.assert(
    fc.property(arm, arm, agreement, (one, other, compared) => {
      const { verdict } = judgeCanary(exampleModel, { stable: one, canary: other, agreement: compared as never });
      if (verdict !== 'pass') return;
      for (const side of [one, other])
        for (const key of Object.keys(counts) as (keyof typeof counts)[]) expect(isCount(side[key])).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('evidence without any side at all is not there either', () => {
  const nothing = Object.fromEntries(Object.keys(exampleArm(1)).map((key) => [key, null])) as unknown as ArmEvidence;
  const { verdict, metrics } = judgeCanary(exampleModel, { stable: nothing, canary: nothing, agreement: null });
  expect(verdict).toBe('inconclusive');
  expect(metrics.map(({ effect }) => effect)).toEqual(Array(7).fill(null));
});
