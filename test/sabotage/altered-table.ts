import type { FeatureTable } from '@repo/training/feature-table';
import { selectRows } from '@repo/training/training-matrix';
import type { Trained } from './trained.ts';

/** Column of a feature in the tables of a model. */
export function placeOf({ contract }: Pick<Trained, 'contract'>, feature: string): number {
  const place = contract.features.findIndex(({ name }) => name === feature);
  if (place < 0) throw new RangeError(`feature: received ${feature}; allowed: one of the contract`);
  return place;
}

/** Some rows of a table, in that order. */
export const tableRows = ({ rowIds, timesUs, matrix }: FeatureTable, rows: readonly number[]): FeatureTable => ({
  rowIds: rows.map((row) => rowIds[row] as string),
  timesUs: Float64Array.from(rows, (row) => timesUs[row] as number),
  matrix: selectRows(matrix, rows),
});

const joined = (a: Float32Array, b: Float32Array) => Float32Array.from([...a, ...b]);

/** The rows of two tables of the same features, one after the other. */
export const bothTables = (a: FeatureTable, b: FeatureTable): FeatureTable => ({
  rowIds: [...a.rowIds, ...b.rowIds],
  timesUs: Float64Array.from([...a.timesUs, ...b.timesUs]),
  matrix: {
    ...a.matrix,
    rows: a.matrix.rows + b.matrix.rows,
    columns: a.matrix.columns.map((column, i) => joined(column, b.matrix.columns[i] as Float32Array)),
    labels: joined(a.matrix.labels, b.matrix.labels),
  },
});

/** A table with the values of one column changed. */
export function changedColumn(table: FeatureTable, place: number, change: (value: number) => number): FeatureTable {
  const columns = table.matrix.columns.map((column, i) => (i === place ? column.map((x) => change(x)) : column));
  return { ...table, matrix: { ...table.matrix, columns } };
}

/** A model with its test rows changed. */
export const withTest = (from: Trained, change: (test: FeatureTable) => FeatureTable): Trained => ({
  ...from,
  tables: { ...from.tables, test: change(from.tables.test) },
});
