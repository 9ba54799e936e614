import type { Profile } from '@repo/contract/profile';
import { jensenShannonDistance } from '@repo/stats/jensen-shannon-distance';
import { lInfinityDistance } from '@repo/stats/l-infinity-distance';
import { binnedKolmogorovSmirnov } from './binned-kolmogorov-smirnov.ts';
import { binnedShift } from './binned-shift.ts';
import { type ChanceOfPsi, chanceOfPsi, independentRows } from './day-law.ts';
import { type DriftMeasure, driftFloors } from './drift-floors.ts';
import type { DriftLaw } from './drift-law.ts';
import { type DriftReference, rowsOf } from './drift-reference.ts';
import { risingShare } from './rising-share.ts';

/** One measure of one thing in one window against one reference. */
export interface DriftCheck {
  readonly measure: DriftMeasure;
  /** The feature; null for answers and labels. */
  readonly subject: string | null;
  readonly value: number;
  readonly interval: [number, number] | null;
  /** Of "nothing has drifted", by the test that stands behind the measure. */
  readonly pValue: number;
  /** What the value must exceed to be a finding: the floor, or what chance alone does, whichever is larger. */
  readonly limit: number;
  /** The other distances, for people. */
  readonly detail: string;
}

/** A window as it is checked; a {@link DriftReference} has all that is needed of it. */
export interface DriftQuestion {
  readonly profile: Profile;
  readonly window: DriftReference;
  readonly reference: DriftReference;
  readonly law: DriftLaw;
  readonly alpha: number;
}

type Feature = Profile['features'][number];

const some = (counts: readonly number[]): boolean => counts.some((count) => count > 0);
const told = (value: number): string => value.toFixed(3);

function valueChecks(feature: Feature, question: DriftQuestion): DriftCheck[] {
  const { window, reference, law, alpha } = question;
  const current = window.features[feature.name]?.counts ?? [];
  const before = reference.features[feature.name]?.counts ?? [];
  if (!some(current) || !some(before)) return [];
  const chance = chanceOfPsi(before, current, law.features[feature.name]?.values ?? independentRows, alpha);
  const distances = `JS distance ${told(jensenShannonDistance(before, current))}`;
  const of = (measure: DriftMeasure, value: number, limit: number, detail: string): DriftCheck => ({
    ...{ measure, subject: feature.name, value, interval: null, pValue: chance.pValue, limit, detail },
  });
  const index = of('psi', chance.psi, Math.max(driftFloors.psi.warn, chance.limit), distances);
  if (feature.kind === 'category')
    return [
      index,
      of('largestShareChange', lInfinityDistance(before, current), driftFloors.largestShareChange.warn, distances),
    ];
  const shift = binnedShift(feature.edges, feature.range, before, current);
  const detail = `${distances}, KS ${told(binnedKolmogorovSmirnov(before, current))}`;
  return shift === null
    ? [index]
    : [index, of('shift', shift.distance, driftFloors.shift.warn, `${detail}, in standard deviations of training`)];
}

function shareCheck(feature: Feature, what: 'missing' | 'other', question: DriftQuestion): DriftCheck[] {
  const { window, reference, law } = question;
  const [current, before] = [window.features[feature.name], reference.features[feature.name]];
  if (current === undefined || before === undefined) return [];
  const effect = law.features[feature.name]?.[what] ?? 1;
  const toShare = (counted: typeof current) => ({ count: counted[what], rows: rowsOf(counted) });
  const rise = risingShare(toShare(before), toShare(current), effect);
  const measure = what === 'missing' ? 'missingShare' : 'newCategories';
  if (rise === null) return [];
  const { difference: value, interval, pValue } = rise;
  const { count, rows } = toShare(current);
  const detail = `${count} of ${rows}`;
  return [{ measure, subject: feature.name, value, interval, pValue, limit: driftFloors[measure].warn, detail }];
}

function answerCheck({ window, reference, law, alpha }: DriftQuestion): DriftCheck[] {
  if (!some([...window.answers]) || !some([...reference.answers])) return [];
  const { psi, pValue, limit } = chanceOfPsi(reference.answers, window.answers, law.answers, alpha);
  const detail = `KS ${told(binnedKolmogorovSmirnov(reference.answers, window.answers))}`;
  const floor = Math.max(driftFloors.answers.warn, limit);
  return [{ measure: 'answers', subject: null, value: psi, interval: null, pValue, limit: floor, detail }];
}

function labelCheck({ window, reference, law, alpha }: DriftQuestion): DriftCheck[] {
  const [now, before] = [window.labels, reference.labels];
  const shares = [now, before].map(({ known, positive }) => positive / known);
  if (now.known < 1 || before.known < 1 || shares.some((share) => share === 0)) return [];
  const toCounts = ({ known, positive }: typeof now) => [positive, known - positive];
  const days = { ...independentRows, designEffect: law.labels };
  const { pValue }: ChanceOfPsi = chanceOfPsi(toCounts(before), toCounts(now), days, alpha);
  const value = Math.max(...shares) / Math.min(...shares) - 1;
  const detail = `${told(shares[0] as number)} against ${told(shares[1] as number)}`;
  const limit = driftFloors.labelRate.warn;
  return [{ measure: 'labelRate', subject: null, value, interval: null, pValue, limit, detail }];
}

/**
 * Every measure of a window against a reference: values, missing and new ones of each feature, the answers, the labels that are known. What one
 * side has no rows of is left out.
 */
export const driftChecks = (question: DriftQuestion): DriftCheck[] => [
  ...question.profile.features.flatMap((feature) => [
    ...valueChecks(feature, question),
    ...shareCheck(feature, 'missing', question),
    ...(feature.kind === 'category' ? shareCheck(feature, 'other', question) : []),
  ]),
  ...answerCheck(question),
  ...labelCheck(question),
];

/** Tests in a window: measures of one feature's values share theirs. */
export const testsOf = ({ features }: Profile): number =>
  features.reduce((sum, { kind }) => sum + (kind === 'category' ? 3 : 2), 2);
