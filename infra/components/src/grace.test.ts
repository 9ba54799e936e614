import { expect, test } from 'vitest';
import { graceMs, prestopDelayMs, terminationGraceS } from './grace.ts';

test.each([200, 24_999, 30_000, 61_001])(
  'with a timeout of %i ms Kubernetes waits for the longest request and 5 s more',
  (timeoutMs) => {
    expect(terminationGraceS(timeoutMs) * 1000).toBeGreaterThanOrEqual(prestopDelayMs + timeoutMs + 5000);
    expect(terminationGraceS(timeoutMs) * 1000).toBeGreaterThanOrEqual(prestopDelayMs + graceMs(timeoutMs) + 5000);
  },
);

test('a short timeout leaves the service the time it takes by default', () => {
  expect([graceMs(200), terminationGraceS(200)]).toEqual([25_000, 35]);
});
