import type { Profile } from '@repo/contract/profile';
import type { Row } from './row.ts';

/** Draws the numbers of a row into the range of the training values; `clamped:<feature>` names those that lay outside. What is missing stays so. */
export function clampRow(row: Row, profile: Profile): Row {
  const ranges = new Map(
    profile.features.map((feature) => [feature.name, feature.kind === 'number' ? feature.range : null]),
  );
  const reasons: string[] = [];
  const features = row.features.map((feature) => {
    const range = ranges.get(feature.name) ?? null;
    if (range === null || Number.isNaN(feature.code)) return feature;
    const value = Math.min(Math.max(feature.code, range[0]), range[1]);
    if (value === feature.code) return feature;
    reasons.push(`clamped:${feature.name}`);
    return { ...feature, value, code: Math.fround(value) };
  });
  return { ...row, features, reasons: [...row.reasons, ...reasons] };
}
