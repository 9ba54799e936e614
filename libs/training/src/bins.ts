import { InputError } from '@repo/contract/input-error';
import type { TrainingMatrix } from './training-matrix.ts';

/** Most bins of values in a feature; bin 0 is kept for missing values, so that a bin fits a byte. */
export const maxBins = 254;

/** Rows that are looked at to place bin borders; a stride over all rows, so every period is seen. */
const sampleRows = 50_000;

/** The largest float32: border of the last bin, so that values never seen in training still fall into it. */
export const largestFloat32 = 3.4028234663852886e38;

/**
 * Upper borders of a feature's bins, ascending float32; bin k (from 1) holds values v with border[k-2] < v <= border[k-1].
 * Up to {@link maxBins} different values get a bin each, else bins of about equal row counts. The border between two neighbouring values is their
 * midpoint rounded to float32, or the lower value when rounding would reach the upper: comparing float32 values against it is exact.
 * A categorical column gets one bin per code, and InputError when it has more codes than bins.
 */
export function binBorders(matrix: TrainingMatrix, feature: number): Float32Array {
  const column = matrix.columns[feature] as Float32Array;
  if (matrix.categorical[feature]) return codeBorders(matrix.featureNames[feature] as string, column);
  const sorted = sample(column).sort();
  const values: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    if (i + 1 < sorted.length && sorted[i] === sorted[i + 1]) continue;
    values.push(sorted[i] as number);
    ends.push(i + 1);
  }
  const borders: number[] = [];
  let left = sorted.length;
  let from = 0;
  for (let i = 0; i + 1 < values.length; i++) {
    const end = ends[i] as number;
    const room = maxBins - borders.length;
    if (room <= 1) break;
    // A bin is full at its share of the rows that are left; with few distinct values every value closes one.
    if (values.length - i > room && end - from < left / room) continue;
    borders.push(between(values[i] as number, values[i + 1] as number));
    left -= end - from;
    from = end;
  }
  return Float32Array.from([...borders, largestFloat32]);
}

function codeBorders(name: string, column: Float32Array): Float32Array {
  const highest = column.reduce((max, code) => (code > max ? code : max), 0);
  const wrong = column.find((code) => code < 0 || (!Number.isNaN(code) && !Number.isInteger(code)));
  if (highest >= maxBins || wrong !== undefined)
    throw new InputError({
      path: `columns.${name}`,
      received: wrong === undefined ? `${highest + 1} categories` : `category code ${wrong}`,
      allowed: `whole codes from 0 to ${maxBins - 1}`,
      action: 'group rare categories in the feature view',
    });
  return Float32Array.from([...Array.from({ length: highest }, (_, code) => code + 0.5), largestFloat32]);
}

function sample(column: Float32Array): Float32Array {
  const step = Math.max(1, column.length / sampleRows);
  const taken = new Float32Array(Math.floor(column.length / step));
  let count = 0;
  for (let i = 0; i < taken.length; i++) {
    const value = column[Math.floor(i * step)] as number;
    // Adding 0 turns -0 into 0, so that the two count as one value.
    if (!Number.isNaN(value)) taken[count++] = value + 0;
  }
  return taken.slice(0, count);
}

/** The float32 midpoint of two float32 values a < b, or `a` where rounding would give `b`. */
export function between(a: number, b: number): number {
  const middle = Math.fround(a + (b - a) / 2);
  return middle < b ? middle : a;
}

/** The bin of a value: 0 when missing, else one more than the number of borders below it. */
export function binOf(borders: Float32Array, value: number): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = borders.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (borders[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

/** Writes the bin of each value of a column. */
export function binColumn(column: Float32Array, borders: Float32Array, into: Uint8Array): void {
  for (let row = 0; row < column.length; row++) into[row] = binOf(borders, column[row] as number);
}

/** Turns bins that lie feature after feature into bins that lie row after row. */
export function interleave(columns: Uint8Array, features: number, into: Uint8Array): void {
  const rows = columns.length / features;
  for (let feature = 0; feature < features; feature++)
    for (let row = 0, at = feature * rows; row < rows; row++, at++)
      into[row * features + feature] = columns[at] as number;
}

/** Bins of all rows, row after row: `rows x features` bytes. */
export function binRows(columns: readonly Float32Array[], rows: number, borders: readonly Float32Array[]): Uint8Array {
  const byColumn = new Uint8Array(rows * columns.length);
  columns.forEach((column, feature) => {
    binColumn(column, borders[feature] as Float32Array, byColumn.subarray(feature * rows));
  });
  const bins = new Uint8Array(byColumn.length);
  interleave(byColumn, columns.length, bins);
  return bins;
}
