import type { Proportion } from './proportion.ts';

/** An arm of a bound: what it counted, and whether its share is pushed up (1) or down (-1). */
export interface PushedArm extends Proportion {
  readonly push: 1 | -1;
}

/** Beyond this slope a share is 0 or 1 to the last bit; its square is still a number. */
const steepest = 1e150;

/** It takes 5 of them; after these rounding is in the way, and halving ends within 600. */
const mostNewtonSteps = 20;

/** Counts below it are none: the shares that they make are no numbers any more. */
const leastCount = 1e-100;

const xLogY = (x: number, y: number): number => (x < leastCount ? 0 : x * Math.log(y));

/** ln of the largest likelihood of the counts: that at the share observed, in the order they came. */
export function largestLogLikelihood({ successes, trials }: Proportion): number {
  return xLogY(successes, successes / trials) + xLogY(trials - successes, (trials - successes) / trials);
}

/** By how much ln of the likelihood is below its largest at `share`; infinite where the share rules the counts out. */
export function devianceAt(counts: Proportion, share: number): number {
  const { successes, trials } = counts;
  return Math.max(0, largestLogLikelihood(counts) - xLogY(successes, share) - xLogY(trials - successes, 1 - share));
}

/**
 * The share at which ln of the likelihood has the slope -`slope`: the root of slope p^2 + (trials - slope) p - successes within [0, 1],
 * never as a difference of large numbers. Its complement is the same share of the failures, at -`slope`.
 */
function shareAtSlope(successes: number, trials: number, slope: number): number {
  const linear = trials - slope;
  const root = Math.sqrt(Math.max(0, linear * linear + 4 * slope * successes));
  return Math.min(1, linear > 0 ? (2 * successes) / (linear + root) : (root - linear) / (2 * slope));
}

/**
 * The shares that go furthest in the directions of the pushes, each counting the same, while ln of the joint likelihood stays within
 * `budget` of its largest. The problem is convex, so that at its solution all arms have one slope, which is what is searched for:
 * by Newton's method on the root of what is spent, which is nearly linear, kept within halved brackets. Without a budget, the shares observed.
 */
export function pushedShares(arms: readonly PushedArm[], budget: number): number[] {
  if (!(budget > 0)) return arms.map(({ successes, trials }) => successes / trials);
  let largest = 0;
  for (const arm of arms) largest += largestLogLikelihood(arm);
  let low = 0;
  let high = steepest;
  let slope = firstSlope(arms, budget);
  for (let step = 0; ; step++) {
    let spent = largest;
    let compliance = 0;
    for (const { successes, trials, push } of arms) {
      const failures = trials - successes;
      const p = shareAtSlope(successes, trials, push * slope);
      const q = shareAtSlope(failures, trials, -push * slope);
      spent -= xLogY(successes, p) + xLogY(failures, q);
      const curvature =
        (successes < leastCount ? 0 : successes / (p * p)) + (failures < leastCount ? 0 : failures / (q * q));
      if (curvature > 0) compliance += 1 / curvature;
    }
    if (spent > budget) high = slope;
    else low = slope;
    if (Math.abs(spent - budget) <= 1e-10 * budget || high - low <= 1e-14 * high)
      return arms.map(({ successes, trials, push }) => shareAtSlope(successes, trials, push * slope));
    const newton = slope + (2 * (Math.sqrt(spent * budget) - spent)) / (slope * compliance);
    if (step < mostNewtonSteps && newton > low && newton < high) slope = newton;
    else slope = high > 4 * low ? Math.sqrt(Math.max(low, 1e-3) * high) : (low + high) / 2;
  }
}

/** What would be the solution if the likelihood were normal. */
function firstSlope(arms: readonly PushedArm[], budget: number): number {
  let [variance, trials] = [0, 0];
  for (const arm of arms) {
    variance += (arm.successes * (arm.trials - arm.successes)) / arm.trials ** 3;
    trials += arm.trials;
  }
  return variance > 0 ? Math.min(steepest, Math.sqrt((2 * budget) / variance)) : trials;
}
