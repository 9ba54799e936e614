import type { Profile } from '@repo/contract/profile';
import { jensenShannonDistance } from '@repo/stats/jensen-shannon-distance';
import { lInfinityDistance } from '@repo/stats/l-infinity-distance';
import { binnedKolmogorovSmirnov } from './binned-kolmogorov-smirnov.ts';
import { binnedShift } from './binned-shift.ts';
import { chanceOfPsi, type DayLaw, independentRows } from './day-law.ts';
import type { DriftMeasure } from './drift-floors.ts';
import type { DriftLaw } from './drift-law.ts';
import { type DriftReference, rowsOf } from './drift-reference.ts';
import { chanceOfRise, risingShare } from './rising-share.ts';

/** One measure of one thing in one window against one reference. */
export interface DriftCheck {
  readonly measure: DriftMeasure;
  /** The feature; null for answers and labels. */
  readonly subject: string | null;
  readonly value: number;
  readonly interval: [number, number] | null;
  /** Of "nothing has drifted", by the test that stands behind the measure. */
  readonly pValue: number;
  /** What chance alone keeps the value under, in its unit, but for a share `p` of windows: the value is above it where `pValue` is under `p`. */
  readonly chanceLimit: (p: number) => number;
  /** The other distances, for people. */
  readonly detail: string;
}

/** A window as it is checked; a {@link DriftReference} has all that is needed of it. */
export interface DriftQuestion {
  readonly profile: Profile;
  readonly window: DriftReference;
  readonly reference: DriftReference;
  readonly law: DriftLaw;
}

type Feature = Profile['features'][number];

const some = (counts: readonly number[]): boolean => counts.some((count) => count > 0);
const told = (value: number): string => value.toFixed(3);

/** What chance does to two histograms. */
interface Chance {
  readonly psi: number;
  readonly pValue: number;
  readonly psiLimit: (p: number) => number;
  /** How often its own size a change may be by chance: the index of one that is twice as large is about four times as large. */
  readonly room: (p: number) => number;
}

function chanceOf(reference: ArrayLike<number>, current: ArrayLike<number>, law: DayLaw): Chance {
  const at = (p: number) => chanceOfPsi(reference, current, law, p);
  const { psi, pValue } = at(0.05);
  const psiLimit = (p: number): number => at(p).limit;
  // Without an index there is nothing to enlarge: the change is all chance, and is its own limit.
  return { psi, pValue, psiLimit, room: (p) => (psi > 0 ? Math.sqrt(psiLimit(p) / psi) : 1) };
}

function valueChecks(feature: Feature, question: DriftQuestion): DriftCheck[] {
  const { window, reference, law } = question;
  const current = window.features[feature.name]?.counts ?? [];
  const before = reference.features[feature.name]?.counts ?? [];
  if (!some(current) || !some(before)) return [];
  const { psi, pValue, psiLimit, room } = chanceOf(
    before,
    current,
    law.features[feature.name]?.values ?? independentRows,
  );
  const distances = `JS distance ${told(jensenShannonDistance(before, current))}`;
  const common = { subject: feature.name, interval: null, pValue };
  const distance = (measure: DriftMeasure, value: number, detail: string): DriftCheck => ({
    ...{ ...common, measure, value, detail, chanceLimit: (p) => value * room(p) },
  });
  const index: DriftCheck = { ...common, measure: 'psi', value: psi, detail: distances, chanceLimit: psiLimit };
  if (feature.kind === 'category')
    return [index, distance('largestShareChange', lInfinityDistance(before, current), distances)];
  const shift = binnedShift(feature.edges, feature.range, before, current);
  const detail = `${distances}, KS ${told(binnedKolmogorovSmirnov(before, current))}`;
  return shift === null
    ? [index]
    : [index, distance('shift', shift.distance, `${detail}, in standard deviations of training`)];
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
  const chanceLimit = (p: number): number => chanceOfRise(toShare(before), rows, effect, p);
  return [{ measure, subject: feature.name, value, interval, pValue, chanceLimit, detail: `${count} of ${rows}` }];
}

function answerCheck({ window, reference, law }: DriftQuestion): DriftCheck[] {
  if (!some([...window.answers]) || !some([...reference.answers])) return [];
  const { psi: value, pValue, psiLimit: chanceLimit } = chanceOf(reference.answers, window.answers, law.answers);
  const detail = `KS ${told(binnedKolmogorovSmirnov(reference.answers, window.answers))}`;
  return [{ measure: 'answers', subject: null, value, interval: null, pValue, chanceLimit, detail }];
}

/** The share of yes among labels; nothing where one side has no labels, or neither a yes. Its window is one whose labels have had their time, and so seldom the newest. */
export function labelCheck({ window, reference, law }: Omit<DriftQuestion, 'profile'>): DriftCheck[] {
  const [now, before] = [window.labels, reference.labels];
  if (now.known < 1 || before.known < 1 || now.positive + before.positive === 0) return [];
  // No yes at all is the worst that may happen to labels: half a one keeps the ratio a number.
  const shares = [now, before].map(({ known, positive }) => Math.max(positive, 0.5) / known);
  const toCounts = ({ known, positive }: typeof now) => [positive, known - positive];
  const { pValue, room } = chanceOf(toCounts(before), toCounts(now), { ...independentRows, designEffect: law.labels });
  const ratio = Math.max(...shares) / Math.min(...shares);
  const detail = `${told(now.positive / now.known)} against ${told(before.positive / before.known)}`;
  // Bounded: what is beyond a thousand million has no meaning, and infinity is no JSON.
  const chanceLimit = (p: number): number => Math.min(ratio ** room(p), 1e9) - 1;
  return [{ measure: 'labelRate', subject: null, value: ratio - 1, interval: null, pValue, chanceLimit, detail }];
}

/**
 * Every measure of a window against a reference that needs no labels: values, missing and new ones of each feature, the answers. What one side has
 * no rows of is left out.
 */
export const driftChecks = (question: DriftQuestion): DriftCheck[] => [
  ...question.profile.features.flatMap((feature) => [
    ...valueChecks(feature, question),
    ...shareCheck(feature, 'missing', question),
    ...(feature.kind === 'category' ? shareCheck(feature, 'other', question) : []),
  ]),
  ...answerCheck(question),
];

/** Tests in a window: measures of one feature's values share theirs. */
export const testsOf = ({ features }: Profile): number =>
  features.reduce((sum, { kind }) => sum + (kind === 'category' ? 3 : 2), 2);
