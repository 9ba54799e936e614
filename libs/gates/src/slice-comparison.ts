import { meanOf } from '@repo/stats/mean-of';
import type { PairedStatistic } from '@repo/stats/paired-bootstrap';
import type { Evidence } from './evidence.ts';
import type { Group } from './groups-of.ts';
import { limitOf } from './limit-of.ts';
import { againstPrior } from './own-prior.ts';
import { primaryMetric } from './primary-metric.ts';
import { excessOf, lossRatio } from './relative-loss.ts';
import { type RowLoss, rowLossOf } from './row-loss.ts';
import type { MeasuredSlice } from './weigh-slices.ts';

/** A slice and the number that is to be measured of it. */
export type SliceComparison = Omit<MeasuredSlice, 'interval'> & { statistic: PairedStatistic };

/** The losses of the test rows that slices are compared by. */
export interface SliceLosses {
  loss: RowLoss;
  labels: Float32Array;
  losses: Float64Array;
  /** Losses of the best constant answer to all rows. */
  priorLosses: Float64Array;
  championLosses: Float64Array | null;
}

/** The losses of every test row by candidate, prior and champion. */
export function sliceLosses({ model, candidate, champion, tables }: Evidence): SliceLosses {
  const { labels } = tables.test.matrix;
  const loss = rowLossOf(model.task, primaryMetric(model));
  const all = againstPrior(loss, labels, candidate.answers);
  return { loss, labels, ...all, championLosses: champion === null ? null : loss.byRow(labels, champion.answers) };
}

function membership(size: number, rows: readonly number[]): Uint8Array {
  const among = new Uint8Array(size);
  for (const row of rows) among[row] = 1;
  return among;
}

/**
 * A slice against all rows: its loss over that of its own prior, as a slice whose label is rarer has less to lose, compared with the same
 * ratio of all rows. Null where all labels of the slice are equal, so that its prior loses nothing.
 */
export function againstAll(group: Group, given: SliceLosses, evidence: Evidence): SliceComparison | null {
  const { loss, labels, losses, priorLosses } = given;
  const own = group.rows.map((row) => labels[row] as number);
  if (own.every((label) => label === own[0])) return null;
  const ownPrior = loss.byRow(labels, new Float64Array(labels.length).fill(loss.prior(own)));
  const among = membership(labels.length, group.rows);
  return {
    name: `${group.feature} ${group.value}`,
    rows: group.rows.length,
    statistic: excessOf(lossRatio(losses, ownPrior, among), lossRatio(losses, priorLosses)),
    limit: limitOf(evidence, 'sliceDrop'),
    found: `How much more ${loss.name} the slice has than all rows, each over that of its own prior.`,
    todo: 'Look at the rows of the slice: give the model what it lacks there, or answer them by a rule.',
  };
}

/** A slice against the champion on the same rows. */
export function againstChampion(
  { name, rows }: { name: string; rows: readonly number[] },
  { losses, loss }: SliceLosses,
  championLosses: Float64Array,
  evidence: Evidence,
): SliceComparison {
  const among = membership(losses.length, rows);
  return {
    name: `${name}, against the champion`,
    rows: rows.length,
    statistic: excessOf(meanOf(losses, among), meanOf(championLosses, among)),
    limit: limitOf(evidence, 'sliceLoss'),
    found: `How much more ${loss.name} the candidate has than the champion.`,
    todo: 'The candidate is worse here than what serves now, whatever it is elsewhere: look at what changed for these rows.',
  };
}
