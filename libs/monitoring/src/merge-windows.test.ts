import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeWindows } from './merge-windows.ts';
import type { Window } from './window.ts';

const count = fc.nat(1e6);
const counts = fc.array(count, { minLength: 3, maxLength: 3 });
const some = fc.dictionary(fc.constantFrom('champion', 'compact', 'prior', '__proto__x'), count);
const window: fc.Arbitrary<Window> = fc.record({
  schemaVersion: fc.constant(1 as const),
  model: fc.constant('late-order'),
  version: fc.constant('1'),
  fromUs: fc.nat(1e6),
  toUs: fc.nat(1e6),
  rows: count,
  features: fc.oneof(
    fc.constant({}),
    fc.record({
      hour: fc.record({ kind: fc.constant('number' as const), counts, missing: count, other: count, statuses: some }),
      shop: fc.record({
        kind: fc.constant('category' as const),
        counts,
        missing: count,
        other: count,
        others: some,
        statuses: some,
      }),
    }),
  ),
  levels: some,
  answers: counts,
  yes: count,
  outliers: fc.record({ judged: count, found: count }),
  labels: fc.record({
    matured: count,
    known: count,
    provisional: count,
    positive: count,
    falsePositive: count,
    falseNegative: count,
    lossMillionths: count,
    knownByAnswer: counts,
    positiveByAnswer: counts,
  }),
});

test('in whatever order windows merge, the sum is the same to the last digit', () => {
  fc.assert(
    fc.property(window, window, window, (a, b, c) => {
      const left = mergeWindows(mergeWindows(a, b), c);
      expect(mergeWindows(a, mergeWindows(b, c))).toEqual(left);
      expect(mergeWindows(mergeWindows(c, a), b)).toEqual(left);
    }),
    { numRuns: 100 },
  );
});

test('windows of other versions or other bins are refused', () => {
  const [one, other] = fc.sample(window, { numRuns: 2, seed: 1 }) as [Window, Window];
  expect(() => mergeWindows(one, { ...other, version: '2' })).toThrow(
    /received "late-order\/1" and "late-order\/2"; allowed: windows of one version/,
  );
  expect(() => mergeWindows(one, { ...other, answers: [1] })).toThrow(/answers: received 3 and 1 bins/);
});
