import type { Golden } from '@repo/contract/manifest';
import type { Datatype, TensorMetadata } from '@repo/contract/protocol';
import type { Tensor, TensorData } from './tensor.ts';

/** Inputs for so many rows, the same at every start. */
export type SampleInputs = (rows: number) => Tensor[];

/** Numbers from 0 to 1: a multiplicative congruential generator (Park and Miller). */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Values of a datatype: -2 to 2 for real numbers; 0 and 1 for whole ones, as they may be positions in a table; a letter for text. */
function sampleData(datatype: Datatype, length: number, random: () => number): TensorData {
  const whole = { length };
  const bit = () => Math.round(random());
  switch (datatype) {
    case 'FP32':
      return Float32Array.from(whole, () => 4 * random() - 2);
    case 'FP64':
      return Float64Array.from(whole, () => 4 * random() - 2);
    case 'BOOL':
    case 'UINT8':
      return Uint8Array.from(whole, bit);
    case 'INT8':
      return Int8Array.from(whole, bit);
    case 'UINT16':
      return Uint16Array.from(whole, bit);
    case 'INT16':
      return Int16Array.from(whole, bit);
    case 'UINT32':
      return Uint32Array.from(whole, bit);
    case 'INT32':
      return Int32Array.from(whole, bit);
    case 'UINT64':
      return BigUint64Array.from(whole, () => BigInt(bit()));
    case 'INT64':
      return BigInt64Array.from(whole, () => BigInt(bit()));
    case 'BYTES':
      return Array.from(whole, () => (random() < 0.5 ? 'a' : 'b'));
  }
}

/** Random inputs that fit the metadata; free dimensions but the first are `freeLength` long. */
export function randomInputs(inputs: readonly TensorMetadata[], freeLength: number): SampleInputs {
  return (rows) => {
    const random = createRandom();
    return inputs.map(({ name, datatype, shape }) => {
      const dims = shape.map((dim, i) => (dim !== -1 ? dim : i === 0 ? rows : freeLength));
      const length = dims.reduce((product, dim) => product * dim, 1);
      return { name, datatype, shape: dims, data: sampleData(datatype, length, random) };
    });
  };
}

/** The golden rows, as many as are asked for, and random ones after the last of them. `input` is the only one, of shape [-1, features]. */
export function goldenInputs(input: TensorMetadata, golden: Golden): SampleInputs {
  const values = golden.features.flat();
  const random = randomInputs([input], golden.features[0]?.length ?? 1);
  return (rows) =>
    random(rows).map((tensor) => {
      const data = (tensor.data as Float32Array).map((value, i) => {
        const known = values[i];
        return known === undefined ? value : (known ?? Number.NaN);
      });
      return { ...tensor, data };
    });
}
