import { InputError, type Problem, show } from '@repo/contract/input-error';

/** What a learner sees: one column per feature, one label per row. */
export interface TrainingMatrix {
  rows: number;
  featureNames: readonly string[];
  /** Whether a column holds category codes: whole numbers from 0, already ordered by the training label mean. */
  categorical: readonly boolean[];
  /** One per feature, each of `rows` float32 values; NaN is missing. */
  columns: readonly Float32Array[];
  /** 0 or 1 for a binary objective, any finite number for regression. */
  labels: Float32Array;
}

/** Checks a matrix and counts its rows. Throws InputError for no rows, ragged columns, infinite values and labels that are not finite. */
export function createTrainingMatrix(input: Omit<TrainingMatrix, 'rows'>): TrainingMatrix {
  const rows = input.labels.length;
  const problems: Problem[] = [];
  if (rows === 0)
    problems.push({
      path: 'labels',
      received: 'no rows',
      allowed: 'at least one row',
      action: 'check the split times',
    });
  for (const [name, length] of [
    ['columns', input.columns.length],
    ['categorical', input.categorical.length],
  ] as const)
    if (length !== input.featureNames.length)
      problems.push({
        path: name,
        received: `${length} entries`,
        allowed: `${input.featureNames.length}, one per feature name`,
        action: 'pass one entry per feature',
      });
  input.columns.forEach((column, i) => {
    const path = `columns.${input.featureNames[i] ?? i}`;
    if (column.length !== rows)
      problems.push({
        path,
        received: `${column.length} values`,
        allowed: `${rows}`,
        action: 'pass one value per label',
      });
    const at = column.findIndex((value) => value === Infinity || value === -Infinity);
    if (at >= 0)
      problems.push({
        path,
        received: `${column[at]} in row ${at}`,
        allowed: 'finite numbers, or NaN for missing',
        action: 'make the feature view yield null there',
      });
  });
  const at = input.labels.findIndex((label) => !Number.isFinite(label));
  if (at >= 0)
    problems.push({
      path: 'labels',
      received: `${show(input.labels[at])} in row ${at}`,
      allowed: 'finite numbers',
      action: 'drop rows without a label',
    });
  if (problems.length > 0) throw new InputError(problems);
  return { ...input, rows };
}

/** The matrix of the given rows, in that order. */
export function selectRows(matrix: TrainingMatrix, rows: Uint32Array | readonly number[]): TrainingMatrix {
  const pick = (column: Float32Array) => Float32Array.from(rows, (row) => column[row] as number);
  return { ...matrix, rows: rows.length, columns: matrix.columns.map(pick), labels: pick(matrix.labels) };
}

/** The matrix of the features at the given places alone, in that order. */
export function selectColumns(matrix: TrainingMatrix, places: readonly number[]): TrainingMatrix {
  const pick = <T>(of: readonly T[]) => places.map((place) => of[place] as T);
  const { featureNames, categorical, columns } = matrix;
  return { ...matrix, featureNames: pick(featureNames), categorical: pick(categorical), columns: pick(columns) };
}

/** The matrix with the features at the given places missing in every row. */
export function hideColumns(matrix: TrainingMatrix, places: readonly number[]): TrainingMatrix {
  const nothing = new Float32Array(matrix.rows).fill(Number.NaN);
  return { ...matrix, columns: matrix.columns.map((column, place) => (places.includes(place) ? nothing : column)) };
}
