import type { Int64 } from './model.ts';

const utf8 = new TextEncoder();

/** Appends `value` as a protobuf varint; negative numbers take ten bytes (two's complement of 64 bits). */
function pushVarint(out: number[], value: Int64): void {
  if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
    out.push(rest);
    return;
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) + 128);
  out.push(Number(rest));
}

/** Joins byte arrays into one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function header(field: number, wireType: number, rest?: Int64): Uint8Array {
  const out: number[] = [];
  pushVarint(out, field * 8 + wireType);
  if (rest !== undefined) pushVarint(out, rest);
  return Uint8Array.from(out);
}

/** A varint field (wire type 0). */
export const intField = (field: number, value: Int64): Uint8Array => header(field, 0, value);

/** A length-delimited field (wire type 2). */
export const bytesField = (field: number, bytes: Uint8Array): Uint8Array =>
  concat([header(field, 2, bytes.length), bytes]);

/** A UTF-8 string field. */
export const stringField = (field: number, text: string): Uint8Array => bytesField(field, utf8.encode(text));

/** A nested message field. */
export const messageField = (field: number, parts: readonly Uint8Array[]): Uint8Array =>
  bytesField(field, concat(parts));

/** A float field (wire type 5, little endian). */
export const floatField = (field: number, value: number): Uint8Array =>
  concat([header(field, 5), floatBytes(Float32Array.of(value))]);

/** A packed repeated int64 field. */
export function packedIntField(field: number, values: Iterable<Int64>): Uint8Array {
  const out: number[] = [];
  for (const value of values) pushVarint(out, value);
  return bytesField(field, Uint8Array.from(out));
}

/** Little-endian bytes of float32 values, whatever the machine's byte order. */
export function floatBytes(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i] as number, true);
  return new Uint8Array(view.buffer);
}

/** Little-endian bytes of int64 values, whatever the machine's byte order. */
export function int64Bytes(values: BigInt64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  for (let i = 0; i < values.length; i++) view.setBigInt64(i * 8, values[i] as bigint, true);
  return new Uint8Array(view.buffer);
}
