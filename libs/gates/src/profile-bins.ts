import type { ModelContract } from '@repo/contract/model-contract';
import type { Profile } from '@repo/contract/profile';
import { binOf } from '@repo/contract/profile-bin';
import type { FeatureTable } from '@repo/training/feature-table';

/** Rows sorted into the bins of a profile. */
export interface BinnedFeature {
  name: string;
  /** Rows of the profile in each bin; the last bin holds the missing. */
  reference: number[];
  /** Bin of each row. */
  bins: Uint16Array;
}

/** The bin of a value; the last bin beyond those of the profile is for missing values. */
const numberBin = (edges: readonly number[], value: number): number =>
  Number.isNaN(value) ? edges.length + 1 : binOf(edges, value);

/** Bins of a column. A loop, as `from` with a function takes four times as long, and this is done for every feature of a year of rows. */
function binsOf(column: Float32Array, toBin: (value: number) => number): Uint16Array {
  const bins = new Uint16Array(column.length);
  for (let row = 0; row < bins.length; row++) bins[row] = toBin(column[row] as number);
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
