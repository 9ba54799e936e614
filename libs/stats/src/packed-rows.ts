import type { Column } from './column.ts';
import type { Clusters } from './paired-bootstrap.ts';

const positive = 2;
/** Bit of a packed row that is the last of those with its score. */
export const LAST_OF_TIE = 1;

/**
 * Rows in the given order, in which equal scores stand together, each as one number: cluster above, label in bit 1, and {@link LAST_OF_TIE}. A
 * resample then costs one pass over one array.
 */
export function packRows({ ofRow }: Clusters, labels: Column, scores: Column, order: Uint32Array): Uint32Array {
  return order.map((row, position) => {
    const following = order[position + 1];
    const lastOfTie = following === undefined || scores[following] !== scores[row];
    return ((ofRow[row] as number) << 2) | (labels[row] === 1 ? positive : 0) | (lastOfTie ? LAST_OF_TIE : 0);
  });
}
