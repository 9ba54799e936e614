import type { ModelContract } from '@repo/contract/model-contract';
import type { FeatureTable } from '@repo/training/feature-table';

/** The rows of one category of a feature. */
export interface Group {
  feature: string;
  /** Category, or `missing`. */
  value: string;
  /** Row numbers, rising. */
  rows: number[];
}

/** Fewer rows than this say more about chance than about the model. */
export const leastGroupRows = 200;

/** Rows grouped by the category of a feature, the largest group first; null where the contract has no such feature, or it is no category. */
export function groupsOf(contract: ModelContract, { matrix }: FeatureTable, feature: string): Group[] | null {
  const index = contract.features.findIndex(({ name }) => name === feature);
  const categories = contract.features[index]?.categories ?? null;
  if (categories === null) return null;
  const groups = new Map<string, Group>();
  (matrix.columns[index] as Float32Array).forEach((code, row) => {
    const value = categories[code] ?? 'missing';
    const group = groups.get(value);
    if (group === undefined) groups.set(value, { feature, value, rows: [row] });
    else group.rows.push(row);
  });
  return [...groups.values()].sort((a, b) => b.rows.length - a.rows.length || (a.value < b.value ? -1 : 1));
}
