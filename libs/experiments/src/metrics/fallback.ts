import { compareShares } from './compare-shares.ts';
import type { JudgeMetric } from './metric-context.ts';

/** Predictions that a lower level than the champion answered: how many more of the canary's than of the stable side's. */
export const judgeFallback: JudgeMetric = (context) =>
  compareShares(context, {
    metric: 'fallback',
    margin: context.release.margins.fallback,
    whole: 'predictions',
    part: 'fallbacks',
    became: 'were answered by a lower level',
  });
