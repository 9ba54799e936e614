import type { Profile } from '@repo/contract/profile';
import { z } from 'zod';
import { isMatured } from '../labels/fair-labels.ts';
import type { FeatureWindow, Window } from '../window.ts';
import { type DayLaw, dayLawSchema, fewestDays, independentRows, measureDayLaw } from './day-law.ts';
import { rowsOf } from './drift-reference.ts';
import { measureShareEffect } from './rising-share.ts';

const designEffect = z.number().min(1);

/** How the days of a model's reference differ from each other: what tells a drift from a day of bad weather. */
export const driftLawSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Days that it was measured on. */
  days: z.int().min(0),
  features: z.record(z.string(), z.strictObject({ values: dayLawSchema, missing: designEffect, other: designEffect })),
  answers: dayLawSchema,
  labels: designEffect,
});
export type DriftLaw = z.infer<typeof driftLawSchema>;

/**
 * Days differ from their own mean, whatever that is: a season that all of them share is none of their spread. Values that few of many days have
 * follow the law of rows that all say the same: then nothing is known, and a day is one observation.
 */
function lawOf(days: readonly (readonly number[])[]): DayLaw {
  const [first = []] = days;
  const all = days.reduce(
    (sum, day) => sum.map((count, bin) => count + (day[bin] ?? 0)),
    first.map(() => 0),
  );
  const law = measureDayLaw(all, days);
  if (law !== null || days.length < fewestDays) return law ?? independentRows;
  const rowsPerDay = Math.max(1, all.reduce((sum, count) => sum + count, 0) / days.length);
  return { designEffect: rowsPerDay, unevenness: 1, rowsPerDay };
}

function featureLaw(days: readonly FeatureWindow[]): DriftLaw['features'][string] {
  const share = (count: (day: FeatureWindow) => number): number =>
    measureShareEffect(days.map((day) => ({ count: count(day), rows: rowsOf(day) }))) ?? 1;
  return {
    values: lawOf(days.map(({ counts }) => counts)),
    missing: share(({ missing }) => missing),
    other: share(({ other }) => other),
  };
}

/**
 * Measures the law from windows of one day each: of the training table, see {@link tableWindows}, or of live traffic before the windows that are to
 * be judged. With fewer than 14 days all follows the law of independent rows, which pages too often where days differ.
 */
export function measureDriftLaw(profile: Profile, days: readonly Window[]): DriftLaw {
  const seenOf = (name: string): FeatureWindow[] => days.flatMap(({ features }) => features[name] ?? []);
  return {
    schemaVersion: 1,
    days: days.length,
    features: Object.fromEntries(profile.features.map(({ name }) => [name, featureLaw(seenOf(name))])),
    answers: lawOf(days.map(({ answers }) => answers)),
    labels:
      measureShareEffect(
        days.filter((day) => isMatured([day])).map(({ labels }) => ({ count: labels.positive, rows: labels.known })),
      ) ?? 1,
  };
}
