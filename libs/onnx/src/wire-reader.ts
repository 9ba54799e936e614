import type { Int64 } from './model.ts';

/** One field of a protobuf message. `bytes` is a view for wire types 1, 2 and 5; `value` is set for wire type 0. */
export interface Field {
  number: number;
  wireType: number;
  value: Int64;
  bytes: Uint8Array;
}

const none = new Uint8Array(0);
const utf8 = new TextDecoder('utf-8', { fatal: true });

function malformed(received: string): RangeError {
  return new RangeError(
    `protobuf: received ${received}; allowed: a complete ONNX ModelProto; check that the file was not cut or altered`,
  );
}

/** Reads a varint at `at`: its value as an unsigned number or bigint, and where the next byte stands. */
function readVarint(bytes: Uint8Array, at: number): { value: Int64; next: number } {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 7; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw malformed('a number that ends early');
    value += (byte & 127) * scale;
    if (byte < 128) return { value, next: at + i + 1 };
    scale *= 128;
  }
  let large = BigInt(value);
  for (let i = 7; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw malformed('a number that ends early');
    large += BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return { value: BigInt.asUintN(64, large), next: at + i + 1 };
  }
  throw malformed('a number longer than ten bytes');
}

/** The fields of a message in file order. Allocates views only, so memory is bounded by the length of `bytes`. Throws RangeError. */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at);
    const number = Math.floor(Number(tag.value) / 8);
    const wireType = Number(tag.value) % 8;
    if (number < 1 || number > 536_870_911) throw malformed(`field number ${number}`);
    at = tag.next;
    if (wireType === 0) {
      const { value, next } = readVarint(bytes, at);
      yield { number, wireType, value, bytes: none };
      at = next;
      continue;
    }
    let length = wireType === 1 ? 8 : 4;
    if (wireType === 2) {
      const size = readVarint(bytes, at);
      length = Number(size.value);
      at = size.next;
    } else if (wireType !== 1 && wireType !== 5) throw malformed(`wire type ${wireType}`);
    if (length > bytes.length - at) throw malformed(`a field of ${length} bytes where ${bytes.length - at} are left`);
    yield { number, wireType, value: 0, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

/** The int64 behind an unsigned varint. */
export function toInt64(value: Int64): Int64 {
  const signed = BigInt.asIntN(64, BigInt(value));
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

/** A varint field as a safe integer. */
export function readNumber(field: Field): number {
  const value = field.wireType === 0 ? toInt64(field.value) : 0n;
  if (typeof value === 'bigint') throw malformed(`${field.value} where a small integer stands`);
  return value;
}

/** Appends the values of a repeated int64 field, packed or not. */
export function pushInts(out: Int64[], field: Field): void {
  if (field.wireType === 0) {
    out.push(toInt64(field.value));
    return;
  }
  if (field.wireType !== 2) throw malformed(`wire type ${field.wireType} where integers stand`);
  for (let at = 0; at < field.bytes.length; ) {
    const { value, next } = readVarint(field.bytes, at);
    out.push(toInt64(value));
    at = next;
  }
}

/** The float32 values in a field's bytes: one value, or a packed run of them. */
export function readFloats(field: Field): Float32Array {
  const { bytes } = field;
  if (field.wireType !== 5 && field.wireType !== 2) throw malformed(`wire type ${field.wireType} where floats stand`);
  if (bytes.length % 4 !== 0) throw malformed(`${bytes.length} bytes of float32 values`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

/** A length-delimited field as UTF-8 text. */
export function readString(field: Field): string {
  if (field.wireType !== 2) throw malformed(`wire type ${field.wireType} where text stands`);
  try {
    return utf8.decode(field.bytes);
  } catch {
    throw malformed('text that is not UTF-8');
  }
}

/** A length-delimited field as a nested message. */
export function readMessage(field: Field): Uint8Array {
  if (field.wireType !== 2) throw malformed(`wire type ${field.wireType} where a message stands`);
  return field.bytes;
}
