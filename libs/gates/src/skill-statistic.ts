import { combinedStatistic } from '@repo/stats/combined-statistic';
import { meanOf } from '@repo/stats/mean-of';
import type { PairedStatistic } from '@repo/stats/paired-bootstrap';

/** The skill of a model over another as a statistic: 1 - mean loss / mean loss of the other; of the rows whose `among` is 1, where given. */
export const skillStatistic = (
  losses: ArrayLike<number>,
  otherLosses: ArrayLike<number>,
  among?: ArrayLike<number>,
): PairedStatistic =>
  combinedStatistic(meanOf(losses, among), meanOf(otherLosses, among), (own, other) => 1 - own / other);
