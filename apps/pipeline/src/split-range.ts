import { microseconds } from '@repo/contract/duration';
import { parseInstant } from '@repo/contract/instant';
import type { Model } from '@repo/contract/model';

/** The parts of a model's data, in order of time. */
export const splitNames = ['train', 'validate', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** Event times of a split. Training and validation rows whose label was not yet known when the next part began are left out. */
export function splitRange(model: Model, split: SplitName): { fromUs: number; toUs: number } {
  const [from, to] = model.split[split].map((day) => parseInstant(day, `split.${split}`)) as [number, number];
  return { fromUs: from, toUs: split === 'test' ? to : to - microseconds(model.label.knownAfter) };
}
