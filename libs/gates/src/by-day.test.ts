import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { meanDifference } from '@repo/stats/mean-difference';
import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { byDay } from './by-day.ts';

const worlds = 300;
const margin = 0.005;

/** How often a candidate that is worse by exactly the margin has a lower bound above it: 5 % is what the bound promises. */
function falsePasses(days: number): number {
  const random = createRandom(days);
  let passes = 0;
  for (let world = 0; world < worlds; world++) {
    const ofDay = Array.from({ length: days }, () => margin + 0.01 * random.normal());
    const candidate = ofDay.flatMap((loss) => [loss, loss]);
    const clusters = candidate.map((_, row) => row >> 1);
    const champion = candidate.map(() => 0);
    const { gain } = bootstrapMany(byDay(clusters), { gain: meanDifference(champion, candidate) });
    if (gain.oneSidedLower > -margin) passes += 1;
  }
  return passes / worlds;
}

test('of two days one candidate in four passes that should not, of the fourteen that are asked for hardly more than promised', () => {
  expect(falsePasses(2)).toBeGreaterThan(0.2);
  expect(falsePasses(14)).toBeLessThan(0.09);
});
