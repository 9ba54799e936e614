import type { Datatype } from '@repo/contract/protocol';

/** Facts of a datatype whose elements all have the same size. */
export interface ElementKind {
  /** The typed array that holds it; its BYTES_PER_ELEMENT is the size on the wire. */
  readonly array:
    | typeof Uint8Array
    | typeof Int8Array
    | typeof Uint16Array
    | typeof Int16Array
    | typeof Uint32Array
    | typeof Int32Array
    | typeof BigUint64Array
    | typeof BigInt64Array
    | typeof Float32Array
    | typeof Float64Array;
  /** How JSON writes an element. */
  readonly json: 'boolean' | 'integer' | 'number';
  /** Integers only: smallest and largest that JSON is taken for; 64-bit ones end where JSON numbers stop being exact. */
  readonly range?: readonly [min: number, max: number];
}

const { MAX_SAFE_INTEGER, MIN_SAFE_INTEGER } = Number;

/** Every datatype but BYTES, whose elements are texts of any length. */
export const elementKinds: Readonly<Record<Exclude<Datatype, 'BYTES'>, ElementKind>> = {
  BOOL: { array: Uint8Array, json: 'boolean' },
  UINT8: { array: Uint8Array, json: 'integer', range: [0, 255] },
  INT8: { array: Int8Array, json: 'integer', range: [-128, 127] },
  UINT16: { array: Uint16Array, json: 'integer', range: [0, 65_535] },
  INT16: { array: Int16Array, json: 'integer', range: [-32_768, 32_767] },
  UINT32: { array: Uint32Array, json: 'integer', range: [0, 4_294_967_295] },
  INT32: { array: Int32Array, json: 'integer', range: [-2_147_483_648, 2_147_483_647] },
  UINT64: { array: BigUint64Array, json: 'integer', range: [0, MAX_SAFE_INTEGER] },
  INT64: { array: BigInt64Array, json: 'integer', range: [MIN_SAFE_INTEGER, MAX_SAFE_INTEGER] },
  FP32: { array: Float32Array, json: 'number' },
  FP64: { array: Float64Array, json: 'number' },
};
