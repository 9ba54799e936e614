import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose, goldens } from './fixtures/goldens.ts';
import { logLoss, logLossByRow } from './log-loss.ts';

test('it agrees with scikit-learn', () => {
  expectClose(logLoss(goldens.columns.labels, goldens.columns.probabilities), goldens.logLoss);
});

test('certain mistakes cost 34.5 nats each and certain hits nothing', () => {
  const { labels, probabilities, logLoss: expected } = goldens.extreme;
  expectClose(logLoss(labels, probabilities), expected);
  expect([...logLossByRow([1, 0, 1, 0], [0, 1, 1, 0])]).toEqual([-Math.log(1e-15), -Math.log(1e-15), -0, -0]);
});

test('no constant prediction beats the observed share', () => {
  const labels = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(labels, fc.double({ min: 0, max: 1, noNaN: true }), (drawn, constant) => {
      const share = drawn.reduce((sum, label) => sum + label, 0) / drawn.length;
      const lossAt = (probability: number) => logLoss(drawn, new Array<number>(drawn.length).fill(probability));
      expect(lossAt(share)).toBeLessThanOrEqual(lossAt(constant) + 1e-12);
    }),
  );
});
