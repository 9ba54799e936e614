import { show } from '@repo/contract/input-error';
import type { Datatype } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { TensorData } from '../tensor.ts';
import { elementKinds } from './element-kind.ts';

/** Copies one flat array to an offset. Returns the index of the first element that the datatype cannot hold, or -1. */
type Copy = (into: never, offset: number, values: readonly unknown[]) => number;

/** null is a missing value: NaN. */
function copyFloats(into: Float32Array | Float64Array, offset: number, values: readonly unknown[]): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null) into[offset + i] = Number.NaN;
    else if (typeof value !== 'number') return i;
    else {
      into[offset + i] = value;
      // A number beyond float32 has become an infinity.
      if (!Number.isFinite(into[offset + i])) return i;
    }
  }
  return -1;
}

const copyIntegers =
  ([min, max]: readonly [number, number]): Copy =>
  (into: Int32Array, offset, values) =>
    values.findIndex((value, i) => {
      if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) return true;
      into[offset + i] = value as number;
      return false;
    });

const copyBigIntegers =
  ([min, max]: readonly [number, number]): Copy =>
  (into: BigInt64Array, offset, values) =>
    values.findIndex((value, i) => {
      if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) return true;
      into[offset + i] = BigInt(value as number);
      return false;
    });

const copyBooleans: Copy = (into: Uint8Array, offset, values) =>
  values.findIndex((value, i) => {
    if (value !== true && value !== false && value !== 0 && value !== 1) return true;
    into[offset + i] = Number(value);
    return false;
  });

const copyTexts: Copy = (into: string[], offset, values) =>
  values.findIndex((value, i) => {
    // Half of a surrogate pair has no UTF-8, and the runtime ends texts at a NUL.
    if (typeof value !== 'string' || !value.isWellFormed() || value.includes('\0')) return true;
    into[offset + i] = value;
    return false;
  });

function allowedBy(datatype: Datatype): string {
  if (datatype === 'BYTES') return 'strings without NUL, where the runtime would end them';
  const { json, range } = elementKinds[datatype];
  if (json === 'boolean') return 'true, false, 1 and 0';
  if (json === 'number') return `finite numbers within ${datatype}, and null for missing`;
  return `integers from ${range?.[0]} to ${range?.[1]}`;
}

function copyOf(datatype: Datatype): Copy {
  if (datatype === 'BYTES') return copyTexts;
  const { array, range } = elementKinds[datatype];
  if (range === undefined) return datatype === 'BOOL' ? copyBooleans : copyFloats;
  return array === BigInt64Array || array === BigUint64Array ? copyBigIntegers(range) : copyIntegers(range);
}

const copies = new Map<Datatype, Copy>();
for (const datatype of [...Object.keys(elementKinds), 'BYTES'] as Datatype[]) copies.set(datatype, copyOf(datatype));

function refuse(path: string, received: string, allowed: string): never {
  throw new ServiceError('invalid_tensor', { path, received, allowed });
}

/** Visits the rows of nested data whose last dimension is `shape.at(-1)`; refuses what is ragged. */
function copyNested(
  data: unknown,
  shape: readonly number[],
  path: string,
  copyRow: (values: readonly unknown[], path: string) => void,
): void {
  const [count = 0, ...inner] = shape;
  if (!Array.isArray(data)) refuse(path, show(data), `an array of ${count}, like the shape says`);
  if (data.length !== count) {
    refuse(path, `${data.length} ${inner.length > 0 ? 'rows' : 'values'}`, `${count}, like the shape says`);
  }
  if (inner.length === 0) copyRow(data, path);
  else for (let i = 0; i < count; i++) copyNested(data[i], inner, `${path}[${i}]`, copyRow);
}

/**
 * Reads the `data` of a JSON tensor, flat or nested as its shape is, into memory of its own; `count` is the product of the shape.
 * Throws ServiceError invalid_tensor for ragged rows, a wrong count, and elements that the datatype cannot hold.
 */
export function readJsonData(
  datatype: Datatype,
  shape: readonly number[],
  count: number,
  data: readonly unknown[],
  path: string,
): TensorData {
  const into = datatype === 'BYTES' ? new Array<string>(count) : new elementKinds[datatype].array(count);
  const copy = copies.get(datatype) as Copy;
  let offset = 0;
  const copyRow = (values: readonly unknown[], at: string): void => {
    const wrong = copy(into as never, offset, values);
    if (wrong >= 0) refuse(`${at}[${wrong}]`, show(values[wrong]), allowedBy(datatype));
    offset += values.length;
  };
  if (Array.isArray(data[0]) && shape.length > 1) copyNested(data, shape, path, copyRow);
  else if (data.length === count) copyRow(data, path);
  else refuse(path, `${data.length} values`, `${count} values for shape ${show(shape)}`);
  return into;
}
