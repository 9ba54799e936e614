import { compareShares } from './compare-shares.ts';
import type { JudgeMetric } from './metric-context.ts';

/** How often a canary that refuses no more than it may is held up; it is not rolled back for that. */
const alphaOfRefused = 0.001;

/**
 * Requests refused as the caller's mistake: how many more of the canary's than of the stable side's. Both take the same stream, so mistakes are as
 * frequent on both, unless the new model wants a column that callers do not send, or has not the version that they ask for. One caller that keeps
 * a connection and errs all the time looks the same, so that this never fails a canary: beyond the margin it is inconclusive, and within it, or open, it passes.
 */
export const judgeRefused: JudgeMetric = (context) => {
  // No sample is planned for it: what is not beyond the margin passes as soon as anything is said.
  const release = { ...context.release, plannedRequests: 1 };
  const row = compareShares(
    { ...context, release, alpha: alphaOfRefused },
    {
      metric: 'refused',
      margin: release.margins.refused,
      whole: 'requests',
      part: 'refusals',
      became: 'were refused',
    },
  );
  return row.outcome === 'fail' ? { ...row, outcome: 'inconclusive' } : row;
};
