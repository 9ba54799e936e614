import { normalCdf } from '@repo/stats/normal-distribution';
import type { BootstrapInterval } from '@repo/stats/paired-bootstrap';

/** One-sided p-value of "no more than 0". From the normal distribution, as 1000 resamples know no p below 0.001, which many looks need. */
export function pNoWorse({ estimate, standardError }: Pick<BootstrapInterval, 'estimate' | 'standardError'>): number {
  if (standardError === 0) return estimate > 0 ? 0 : 1;
  return normalCdf(-estimate / standardError);
}
