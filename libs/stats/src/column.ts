/** One value per row: a `Float64Array`, `Float32Array`, `Int32Array`, `Uint8Array` or plain array. Never modified. */
export type Column = ArrayLike<number>;

/** Makes the error that every function here throws on bad input: what came, what may come, what to do. */
export function refusal(what: string, received: unknown, allowed: string, action: string): RangeError {
  return new RangeError(`${what}: received ${received}; allowed: ${allowed}; do this: ${action}.`);
}

/** Throws unless all columns, given by name, have the same length of at least one row. */
export function checkRows(columns: Readonly<Record<string, Column>>): void {
  const [first, ...others] = Object.entries(columns);
  if (!first) return;
  const [firstName, { length: rows }] = first;
  if (rows === 0) throw refusal(firstName, '0 rows', 'at least 1 row', 'check the filter that selected the rows');
  for (const [name, column] of others) {
    if (column.length === rows) continue;
    const allowed = `${rows} rows, as many as ${firstName}`;
    throw refusal(name, `${column.length} rows`, allowed, 'pass columns of the same rows in the same order');
  }
}

/** Throws unless every label is 0 or 1. */
export function checkLabels(name: string, labels: Column): void {
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === 0 || labels[row] === 1) continue;
    const action = 'encode the negative class as 0 and the positive class as 1, and drop rows without a label';
    throw refusal(`${name}[${row}]`, labels[row], '0 or 1', action);
  }
}

/** Throws when a score is NaN; infinite scores are allowed, because only their order counts. */
export function checkScores(name: string, scores: Column): void {
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    if (typeof score === 'number' && !Number.isNaN(score)) continue;
    throw refusal(`${name}[${row}]`, score, 'any number but NaN', 'score the row or drop it from every column');
  }
}

/** Throws unless every value is a finite number. */
export function checkFinite(name: string, values: Column): void {
  for (let row = 0; row < values.length; row++) {
    if (Number.isFinite(values[row])) continue;
    throw refusal(`${name}[${row}]`, values[row], 'a finite number', 'drop the row from every column or repair it');
  }
}

/** Throws unless every value is a probability. */
export function checkProbabilities(name: string, probabilities: Column): void {
  for (let row = 0; row < probabilities.length; row++) {
    const probability = probabilities[row];
    if (probability !== undefined && probability >= 0 && probability <= 1) continue;
    const action = 'apply the sigmoid to raw scores, and drop rows without a score';
    throw refusal(`${name}[${row}]`, probability, 'a probability from 0 to 1', action);
  }
}
