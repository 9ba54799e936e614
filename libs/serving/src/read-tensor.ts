import { show } from '@repo/contract/input-error';
import { ServiceError } from '@repo/contract/service-error';

const finiteOrNull = 'finite numbers within float32, and null for missing';

function refuse(path: string, received: string, allowed: string): never {
  throw new ServiceError('invalid_tensor', { path, received, allowed });
}

/** Copies values, null becoming NaN; `pathOf` names an element for the error. */
function copyValues(
  into: Float32Array,
  offset: number,
  values: readonly unknown[],
  pathOf: (i: number) => string,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null) {
      into[offset + i] = Number.NaN;
      continue;
    }
    if (typeof value !== 'number') refuse(pathOf(i), show(value), finiteOrNull);
    into[offset + i] = value;
    if (!Number.isFinite(into[offset + i])) refuse(pathOf(i), show(value), finiteOrNull);
  }
}

/**
 * Reads the `data` of a JSON tensor of shape [rows, columns], flat or one array for each row, into row-major float32.
 * Throws ServiceError invalid_tensor for ragged rows, a wrong count, and elements that are neither finite numbers nor null.
 */
export function readTensorData(data: readonly unknown[], rows: number, columns: number, path: string): Float32Array {
  const values = new Float32Array(rows * columns);
  if (!Array.isArray(data[0])) {
    const allowed = `${rows * columns} values for shape [${rows},${columns}]`;
    if (data.length !== rows * columns) refuse(path, `${data.length} values`, allowed);
    copyValues(values, 0, data, (i) => `${path}[${i}]`);
    return values;
  }
  if (data.length !== rows) refuse(path, `${data.length} rows`, `${rows} rows for shape [${rows},${columns}]`);
  data.forEach((row: unknown, r) => {
    const at = `${path}[${r}]`;
    if (!Array.isArray(row)) refuse(at, show(row), `an array of ${columns} values, like the rows before`);
    if (row.length !== columns) refuse(at, `${row.length} values`, `${columns} values, as in every row`);
    copyValues(values, r * columns, row, (i) => `${at}[${i}]`);
  });
  return values;
}
