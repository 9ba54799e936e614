import type { MetricJudgement, Verdict } from '@repo/contract/judgement';
import type { ReleasePolicy } from '@repo/contract/release-policy';

/** What a metric measured of a canary. */
export interface Effect {
  readonly metric: MetricJudgement['metric'];
  readonly unit: string;
  /** Canary less stable; more is worse. */
  readonly effect: number;
  /** Each end is missed with a chance of at most the metric's part of alpha, whenever it is looked at. */
  readonly interval: readonly [number, number];
  readonly margin: number;
  /** Numbers of requests or predictions of each side; 0 where only the canary's count. */
  readonly samples: MetricJudgement['samples'];
  /** What was seen, as a sentence without its full stop. */
  readonly seen: string;
}

/** A metric about which nothing can be said, and why. */
export function unknownEffect(
  metric: MetricJudgement['metric'],
  detail: string,
  outcome: 'inconclusive' | 'not-applicable' = 'inconclusive',
): MetricJudgement {
  return {
    metric,
    outcome,
    effect: null,
    interval: null,
    margin: null,
    unit: '',
    samples: { stable: 0, canary: 0 },
    detail: `${detail[0]?.toUpperCase()}${detail.slice(1)}.`,
  };
}

/** Digits for people: shares as percent. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(3)) + 0} %`;

/**
 * What an effect says. Its interval decides: all of it beyond the margin fails, all of it within passes. One that holds the margin passes where both
 * sides have their `planned` sample, as it then shows no harm although it does not exclude it; before, it is inconclusive.
 */
export function weighEffect(
  { metric, unit, effect, interval: [lower, upper], margin, samples, seen }: Effect,
  planned: ReleasePolicy['plannedRequests'],
): MetricJudgement {
  const least = Math.min(samples.stable || samples.canary, samples.canary);
  const allowed = `${percent(margin)} is allowed`;
  const open = `up to ${percent(upper)} is not excluded, ${allowed}`;
  const [outcome, means]: [Verdict, string] =
    lower > margin
      ? ['fail', `the effect is at least ${percent(lower)}, ${allowed}`]
      : upper <= margin
        ? ['pass', `the effect is at most ${percent(upper)}, ${allowed}`]
        : least >= planned
          ? ['pass', `nothing speaks against it, though ${open}`]
          : ['inconclusive', `not settled before ${planned} were seen: ${open}`];
  return { metric, outcome, effect, interval: [lower, upper], margin, unit, samples, detail: `${seen}: ${means}.` };
}
