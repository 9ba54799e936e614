import type { Profile } from '@repo/contract/profile';
import type { FeatureWindow, Window } from '../window.ts';

type Counted = Pick<FeatureWindow, 'counts' | 'missing' | 'other'>;

/** What a window is compared with, in the bins of the profile: training, or windows before it. A {@link Window} is one. */
export interface DriftReference {
  readonly rows: number;
  readonly features: Readonly<Record<string, Counted>>;
  readonly answers: readonly number[];
  readonly labels: Pick<Window['labels'], 'known' | 'positive'>;
}

/** Training as a reference: the bundle's profile. It holds no new category, because it named them all. */
export function profileReference(profile: Profile): DriftReference {
  const counted = ({ counts, missing }: Profile['features'][number]): Counted => ({ counts, missing, other: 0 });
  return {
    rows: profile.rows,
    features: Object.fromEntries(profile.features.map((feature) => [feature.name, counted(feature)])),
    answers: profile.answers.counts,
    labels: { known: profile.rows, positive: Math.round(profile.labelMean * profile.rows) },
  };
}

/** All values of a feature, those that are missing or new included. */
export const rowsOf = ({ counts, missing, other }: Counted): number =>
  counts.reduce((sum, count) => sum + count, missing + other);
