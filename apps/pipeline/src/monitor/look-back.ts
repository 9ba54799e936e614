import { microseconds } from '@repo/contract/duration';
import type { Model } from '@repo/contract/model';

/** Four weeks that are judged by as many before them, and some to spare. */
const leastUs = 70 * microseconds('1d');
/** Of long windows more: what broke at once is told by thirty of them. */
const fewestSpans = 60;
/** Each is a file. */
const mostSpans = 2000;

/** What is looked at, whatever runs before have looked at: the same moment then says the same. */
export interface LookBack {
  readonly windowUs: number;
  /** Where the oldest window begins, and where the newest whole one ends, UTC microseconds. */
  readonly fromUs: number;
  readonly endUs: number;
  /** Answers since then are read: matured ones reach back by the policy's span and the delay of labels. */
  readonly answersFromUs: number;
}

/** How far a run at `atUs` looks back with windows of so many microseconds: 70 days or 60 windows, whichever is longer, but at most 2,000 windows. */
export function lookBack(
  model: Pick<Model, 'cutoff' | 'label' | 'monitoring'>,
  windowUs: number,
  atUs: number,
): LookBack {
  const endUs = Math.floor(atUs / windowUs) * windowUs;
  const spans = Math.min(Math.max(Math.ceil(leastUs / windowUs), fewestSpans), mostSpans);
  const fromUs = endUs - spans * windowUs;
  // The delay of labels is at most a few times what the definition says.
  const delayUs = microseconds(model.cutoff.lead) + 8 * microseconds(model.label.knownAfter);
  const maturedUs = atUs - microseconds(model.monitoring.quality.over) - delayUs;
  return { windowUs, fromUs, endUs, answersFromUs: Math.min(fromUs, maturedUs) };
}
