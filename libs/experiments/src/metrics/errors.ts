import { compareShares } from './compare-shares.ts';
import type { JudgeMetric } from './metric-context.ts';

/** Requests answered with 5xx or past their deadline: how many more of the canary's than of the stable side's. */
export const judgeErrors: JudgeMetric = (context) =>
  compareShares(context, {
    metric: 'errors',
    margin: context.release.margins.errors,
    whole: 'requests',
    part: 'errors',
    became: 'failed or were late',
  });
