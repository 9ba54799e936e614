import { isUtf8 } from 'node:buffer';
import { endianness } from 'node:os';
import { show } from '@repo/contract/input-error';
import type { Datatype } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { Tensor, TensorData } from '../tensor.ts';
import { elementKinds } from './element-kind.ts';

if (endianness() !== 'LE') {
  throw new Error(`processor: received big-endian; allowed: little-endian, as binary tensors are; use another machine`);
}

/** Bytes of the length that stands before each text of a BYTES tensor. */
const lengthBytes = 4;

function refuse(path: string, received: string, allowed: string): never {
  throw new ServiceError('invalid_tensor', { path, received, allowed });
}

/** Texts of a BYTES tensor: each its length in 4 bytes, then UTF-8. */
function readTexts(count: number, bytes: Uint8Array, path: string): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + lengthBytes > buffer.length) refuse(path, `${i} elements`, `${count} elements, as the shape says`);
    const end = at + lengthBytes + buffer.readUInt32LE(at);
    if (end > buffer.length) {
      refuse(`${path}[${i}]`, `a length of ${end - at - lengthBytes} bytes`, 'a text that ends within the tensor');
    }
    const text = buffer.subarray(at + lengthBytes, end);
    if (!isUtf8(text)) refuse(`${path}[${i}]`, 'bytes that are not UTF-8', 'UTF-8');
    const nul = text.indexOf(0);
    if (nul >= 0)
      refuse(`${path}[${i}]`, `a NUL at byte ${nul}`, 'texts without NUL, where the runtime would end them');
    texts.push(text.toString());
    at = end;
  }
  if (at !== buffer.length) refuse(path, `${buffer.length - at} bytes after the last element`, 'none');
  return texts;
}

/**
 * Reads a binary tensor of `count` elements, little-endian and without padding, into memory of its own: in the body it may lie at an
 * offset that its datatype cannot be read at. Throws ServiceError invalid_tensor.
 */
export function readBinaryData(datatype: Datatype, count: number, bytes: Uint8Array, path: string): TensorData {
  if (datatype === 'BYTES') return readTexts(count, bytes, path);
  const { array, json } = elementKinds[datatype];
  const expected = count * array.BYTES_PER_ELEMENT;
  if (bytes.length !== expected) refuse(path, `${bytes.length} bytes`, `${expected} bytes: ${count} of ${datatype}`);
  const copy = new Uint8Array(bytes);
  const odd = json === 'boolean' ? copy.findIndex((byte) => byte > 1) : -1;
  if (odd >= 0) refuse(`${path}[${odd}]`, show(copy[odd]), '1 and 0');
  return new array(copy.buffer);
}

function writeTexts(texts: readonly string[]): Uint8Array {
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + lengthBytes + size, 0));
  let at = 0;
  texts.forEach((text, i) => {
    at = bytes.writeUInt32LE(sizes[i] as number, at);
    at += bytes.write(text, at);
  });
  return bytes;
}

/** The bytes of a tensor as the binary extension has them; fixed-size elements are not copied. */
export function writeBinaryData({ data }: Tensor): Uint8Array {
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : writeTexts(data);
}
