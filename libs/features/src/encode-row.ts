import type { ModelContract } from '@repo/contract/model-contract';

/** A feature value before encoding: a number, a category, or nothing. */
export type RawValue = number | string | null;

/**
 * The number that the model sees for a value: float32, a category's place in the contract's list; NaN for no value and for a category
 * that is not listed.
 */
export function encodeValue(feature: ModelContract['features'][number], value: RawValue): number {
  if (value === null) return Number.NaN;
  if (feature.categories === null) return typeof value === 'number' ? Math.fround(value) : Number.NaN;
  const code = feature.categories.indexOf(String(value));
  return code === -1 ? Number.NaN : code;
}

/** Encodes one row of feature values in the order of the contract; throws RangeError when their number differs. */
export function encodeRow(contract: Pick<ModelContract, 'features'>, values: readonly RawValue[]): Float32Array {
  const { features } = contract;
  if (values.length !== features.length) {
    throw new RangeError(`received ${values.length} values; allowed: ${features.length}; give one for each feature`);
  }
  return Float32Array.from(features, (feature, i) => encodeValue(feature, values[i] ?? null));
}
