/** The first `rows` rows of columns as one array, row after row: the layout of the model's `features` input. */
export function rowMajor(columns: readonly Float32Array[], rows: number): Float32Array {
  const values = new Float32Array(rows * columns.length);
  columns.forEach((column, feature) => {
    for (let row = 0; row < rows; row++) values[row * columns.length + feature] = column[row] as number;
  });
  return values;
}

/** The opposite of {@link rowMajor}: one column per feature. */
export function toColumns(values: Float32Array, features: number): Float32Array[] {
  const rows = values.length / features;
  return Array.from({ length: features }, (_, feature) =>
    Float32Array.from({ length: rows }, (_, row) => values[row * features + feature] as number),
  );
}
