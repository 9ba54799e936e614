import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseScore, gradient, hessian, rowLoss } from './objective.ts';

const raws = fc.double({ min: -8, max: 8, noNaN: true });
const step = 1e-4;

test.each(['binary', 'regression'] as const)(
  '%s: gradient and hessian agree with finite differences of the loss',
  (objective) => {
    fc.assert(
      fc.property(raws, fc.constantFrom(0, 1), (raw, label) => {
        const slope = (rowLoss(objective, raw + step, label) - rowLoss(objective, raw - step, label)) / (2 * step);
        const bend = (gradient(objective, raw + step, label) - gradient(objective, raw - step, label)) / (2 * step);
        expect(gradient(objective, raw, label)).toBeCloseTo(slope, 6);
        expect(hessian(objective, raw)).toBeCloseTo(bend, 6);
      }),
    );
  },
);

test.each(['binary', 'regression'] as const)('%s: no constant has a smaller loss than the base score', (objective) => {
  const labels = Float32Array.of(1, 0, 0, 1, 1, 0, 0, 0);
  const base = baseScore(objective, labels);
  const loss = (raw: number) => labels.reduce((sum, label) => sum + rowLoss(objective, raw, label), 0);
  expect(loss(base)).toBeLessThan(Math.min(loss(base - 0.01), loss(base + 0.01)));
});

test('the base score stays finite when every label is the same', () => {
  expect(Number.isFinite(baseScore('binary', Float32Array.of(1, 1, 1)))).toBe(true);
});
