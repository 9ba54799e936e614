import type { ModelContract } from '@repo/contract/model-contract';
import type { Profile } from '@repo/contract/profile';
import type { FeatureTable } from '@repo/training/feature-table';

/** Rows sorted into the bins of a profile. */
export interface BinnedFeature {
  name: string;
  /** Rows of the profile in each bin; the last bin holds the missing. */
  reference: number[];
  /** Bin of each row. */
  bins: Uint16Array;
}

/** The bin of a value among rising inner edges; the last bin beyond them is for missing values. */
function numberBin(edges: readonly number[], value: number): number {
  if (Number.isNaN(value)) return edges.length + 1;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (edges[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Bins of a column. A loop, as `from` with a function takes four times as long, and this is done for every feature of a year of rows. */
function binsOf(column: Float32Array, binOf: (value: number) => number): Uint16Array {
  const bins = new Uint16Array(column.length);
  for (let row = 0; row < bins.length; row++) bins[row] = binOf(column[row] as number);
  return bins;
}

/** Answers sorted into the bins of the profile's answers. */
export function binAnswers({ answers }: Profile, given: Float32Array): BinnedFeature {
  const bins = binsOf(given, (value) => numberBin(answers.edges, value));
  return { name: 'answers', reference: [...answers.counts, 0], bins };
}

/**
 * Rows sorted into a profile's bins, feature by feature; those that only one side has, or that one of them takes for a category, are left out.
 * Categories are matched by name: what the profile does not know is missing to it.
 */
export function binFeatures(profile: Profile, contract: ModelContract, { matrix }: FeatureTable): BinnedFeature[] {
  return profile.features.flatMap((feature) => {
    const place = contract.features.findIndex(({ name }) => name === feature.name);
    const categories = contract.features[place]?.categories ?? null;
    const column = matrix.columns[place];
    if (column === undefined || (categories !== null) !== (feature.kind === 'category')) return [];
    const reference = [...feature.counts, feature.missing];
    if (feature.kind === 'number') {
      const bins = binsOf(column, (value) => numberBin(feature.edges, value));
      return [{ name: feature.name, reference, bins }];
    }
    const missing = feature.categories.length;
    const known = new Map(feature.categories.map((category, bin) => [category, bin]));
    const places = (categories ?? []).map((category) => known.get(category) ?? missing);
    return [{ name: feature.name, reference, bins: binsOf(column, (code) => places[code] ?? missing) }];
  });
}
