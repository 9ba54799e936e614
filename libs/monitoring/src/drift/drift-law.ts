import type { Profile } from '@repo/contract/profile';
import { z } from 'zod';
import type { FeatureWindow, Window } from '../window.ts';
import { type DayLaw, dayLawSchema, independentRows, measureDayLaw } from './day-law.ts';
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

function featureLaw(feature: Profile['features'][number], days: readonly Window[]): DriftLaw['features'][string] {
  const seen = days.flatMap(({ features }) => features[feature.name] ?? []);
  const share = (count: (day: FeatureWindow) => number): number =>
    measureShareEffect(seen.map((day) => ({ count: count(day), rows: rowsOf(day) }))) ?? 1;
  return {
    values:
      measureDayLaw(
        feature.counts,
        seen.map(({ counts }) => counts),
      ) ?? independentRows,
    missing: share(({ missing }) => missing),
    other: share(({ other }) => other),
  };
}

/**
 * Measures the law from windows of one day each, of the period that the profile was taken from: the training table by days, see
 * {@link tableWindows}. What fewer than 14 days say nothing about follows the law of independent rows, which pages too often where days differ.
 */
export function measureDriftLaw(profile: Profile, days: readonly Window[]): DriftLaw {
  const known = days.map(({ labels }) => ({ count: labels.positive, rows: labels.known }));
  const answers = days.map((day) => day.answers);
  const ofAnswers: DayLaw | null = measureDayLaw(profile.answers.counts, answers);
  return {
    schemaVersion: 1,
    days: days.length,
    features: Object.fromEntries(profile.features.map((feature) => [feature.name, featureLaw(feature, days)])),
    answers: ofAnswers ?? independentRows,
    labels: measureShareEffect(known) ?? 1,
  };
}
