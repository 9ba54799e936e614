import { combinedStatistic } from '@repo/stats/combined-statistic';
import { meanOf } from '@repo/stats/mean-of';
import type { PairedStatistic } from '@repo/stats/paired-bootstrap';

type Column = ArrayLike<number>;

/** Keeps a ratio of two losses defined where both models are perfect; far below any loss that matters. */
const tiny = 1e-9;

/** "Loss / other loss" of the rows whose `among` is 1, without it of all rows. */
export const lossRatio = (losses: Column, others: Column, among?: Column): PairedStatistic =>
  combinedStatistic(meanOf(losses, among), meanOf(others, among), (own, other) => (own + tiny) / (other + tiny));

/** "How much greater the first is than the second", relative: 0.1 is a tenth more. */
export const excessOf = (first: PairedStatistic, second: PairedStatistic): PairedStatistic =>
  combinedStatistic(first, second, (own, other) => (own + tiny) / (other + tiny) - 1);
