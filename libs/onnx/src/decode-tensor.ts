import { elementCount } from './encode-tensor.ts';
import { elementTypes, type Int64, type Tensor } from './model.ts';
import { pushInts, readFields, readFloats, readMessage, readNumber, readString } from './wire-reader.ts';

/**
 * A TensorProto from its bytes: float32, int64 and string with inline data, anything else (including external data) opaque.
 * Throws RangeError when the data does not fill the dims; nothing is allocated by dims alone.
 */
export function decodeTensor(bytes: Uint8Array): Tensor {
  let name = '';
  let type = 0;
  let raw: Uint8Array | null = null;
  let external = false;
  const sizes: Int64[] = [];
  const ints: Int64[] = [];
  const strings: string[] = [];
  const floats: Float32Array[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) pushInts(sizes, field);
    else if (field.number === 2) type = readNumber(field);
    else if (field.number === 4) floats.push(readFloats(field));
    else if (field.number === 6) strings.push(readString(field));
    else if (field.number === 7) pushInts(ints, field);
    else if (field.number === 8) name = readString(field);
    else if (field.number === 9) raw = readMessage(field);
    else if (field.number === 14) external = readNumber(field) === 1;
  }
  const dims = sizes.map((size) => checkDim(name, size));
  if (external || !(type === elementTypes.float32 || type === elementTypes.int64 || type === elementTypes.string))
    return { name, dims, type: 'opaque', bytes };
  if (type === elementTypes.string) return { name, dims, type: 'string', data: filled(name, dims, strings) };
  if (type === elementTypes.int64)
    return {
      name,
      dims,
      type: 'int64',
      data: filled(name, dims, raw ? rawInts(name, raw) : BigInt64Array.from(ints, BigInt)),
    };
  const data = raw ? readFloats({ number: 9, wireType: 2, value: 0, bytes: raw }) : joinFloats(floats);
  return { name, dims, type: 'float32', data: filled(name, dims, data) };
}

function checkDim(name: string, size: Int64): number {
  if (typeof size === 'number' && size >= 0) return size;
  throw new RangeError(`tensor ${name}: received dim ${size}; allowed: 0 or more; check that the file was not altered`);
}

function filled<T extends { length: number }>(name: string, dims: readonly number[], data: T): T {
  if (data.length === elementCount(dims)) return data;
  throw new RangeError(
    `tensor ${name}: received ${data.length} values; allowed: ${elementCount(dims)} for dims [${dims.slice(0, 8)}]; check that the file was not cut`,
  );
}

function rawInts(name: string, raw: Uint8Array): BigInt64Array {
  if (raw.length % 8 !== 0)
    throw new RangeError(
      `tensor ${name}: received ${raw.length} bytes; allowed: a multiple of 8; check that the file was not cut`,
    );
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  return BigInt64Array.from({ length: raw.length / 8 }, (_, i) => view.getBigInt64(i * 8, true));
}

/** One array from the runs of a repeated float field. */
export function joinFloats(runs: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    joined.set(run, at);
    at += run.length;
  }
  return joined;
}
