import { expect, test } from 'vitest';
import { asymptoticSequence, sequenceTuning } from './asymptotic-sequence.ts';
import { normalQuantile } from './normal-distribution.ts';
import { createRandom } from './random.ts';

const alpha = 0.05;

test('the width agrees with values worked out by hand', () => {
  // rho = 0.1, n = 100: sqrt(2 * 2 / 1 * ln(sqrt(2) / 0.05)) standard errors.
  expect(asymptoticSequence(1, 100, alpha, 0.1)).toBeCloseTo(Math.sqrt(4 * Math.log(Math.SQRT2 / 0.05)), 12);
  expect(sequenceTuning(alpha, 100)).toBeCloseTo(Math.sqrt((5.99146454711 + Math.log(6.99146454711)) / 100), 10);
});

test('the interval is narrowest in standard errors about where it is tuned for, and wider than a fixed one everywhere', () => {
  const fixed = normalQuantile(1 - alpha / 2);
  for (const planned of [200, 5000]) {
    const tuning = sequenceTuning(alpha, planned);
    const width = (units: number) => asymptoticSequence(1, units, alpha, tuning);
    const grid = Array.from({ length: 200 }, (_, i) => Math.ceil(planned / 50) * (i + 1));
    const narrowest = grid.reduce((best, units) => (width(units) < width(best) ? units : best));
    expect(narrowest / planned).toBeGreaterThan(0.5);
    expect(narrowest / planned).toBeLessThan(2);
    expect(Math.min(...grid.map(width))).toBeGreaterThan(fixed);
  }
});

/** Share of random walks that the boundary, or a fixed one, ever calls different from 0 in 100 looks. */
function falseAlarms(half: (units: number) => number): number {
  const random = createRandom(7);
  let alarms = 0;
  for (let run = 0; run < 2000; run++) {
    let sum = 0;
    for (let units = 20; units <= 2000; units += 20) {
      // Twenty standard normal units at once.
      sum += Math.sqrt(20) * random.normal();
      if (Math.abs(sum / units) > half(units)) {
        alarms++;
        break;
      }
    }
  }
  return alarms / 2000;
}

test('looked at 100 times it errs less often than alpha, where a fixed interval errs seven times as often', () => {
  const tuning = sequenceTuning(alpha, 1000);
  expect(falseAlarms((units) => asymptoticSequence(1 / units, units, alpha, tuning))).toBeLessThan(alpha);
  expect(falseAlarms((units) => normalQuantile(1 - alpha / 2) / Math.sqrt(units))).toBeGreaterThan(0.3);
});

test.each([
  [() => asymptoticSequence(-1, 10, alpha, 0.1), /variance: received -1/],
  [() => asymptoticSequence(1, 0, alpha, 0.1), /units: received 0/],
  [() => asymptoticSequence(1, 10, 1, 0.1), /alpha: received 1/],
  [() => sequenceTuning(alpha, Number.NaN), /units: received NaN/],
])('refuses what is no sequence', (wrong, message) => {
  expect(wrong).toThrow(message);
});
