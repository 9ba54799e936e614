import { createRandom } from '@repo/stats/random';
import type { TrainingMatrix } from './training-matrix.ts';
import type { ViewColumns } from './view-columns.ts';

/** Share of the training rows that each looked-up view is hidden from. */
export const maskedViewShare = 0.05;

/** Share of the training rows that all looked-up views are hidden from at once: what a row is like while the online store is away. */
export const maskedStoreShare = 0.02;

/** Keeps these draws apart from those of rows and features, which start from the same seed. */
const stream = 0x6d_61_73_6b;

/**
 * The matrix with the features of looked-up views missing in some rows, each view for itself in {@link maskedViewShare} of them and all together
 * in {@link maskedStoreShare}, so that a model has learned what it is asked when a look-up fails. Equal seeds give equal masks; labels stay.
 */
export function maskViews(matrix: TrainingMatrix, lookedUp: ViewColumns['lookedUp'], seed: number): TrainingMatrix {
  const random = createRandom((seed ^ stream) >>> 0);
  const columns = [...matrix.columns];
  const groups = [...lookedUp.values()].map((places) => {
    for (const place of places) columns[place] = Float32Array.from(matrix.columns[place] as Float32Array);
    return places.map((place) => columns[place] as Float32Array);
  });
  if (groups.length === 0) return matrix;
  for (let row = 0; row < matrix.rows; row++) {
    const isStoreAway = random.next() < maskedStoreShare;
    for (const group of groups)
      if (random.next() < maskedViewShare || isStoreAway) for (const column of group) column[row] = Number.NaN;
  }
  return { ...matrix, columns };
}
