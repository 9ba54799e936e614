import { expect, test } from 'vitest';
import { exampleContract } from '../fixtures/example-bundle.ts';
import { exampleProfile } from '../fixtures/example-companions.ts';
import { clampRow } from './clamp-row.ts';
import type { Row } from './row.ts';

const profile = exampleProfile(exampleContract('example'), false);
const rowOf = (features: Row['features']): Row => ({
  features,
  reasons: ['missing:carrier_temp'],
  cutoff: '',
  featuresAsOf: '',
  storeAnswered: true,
});
const number = (name: string, code: number) => ({ name, value: code, code, status: 'ok' as const });

test('numbers outside the range of training are drawn to its ends, and each is named', () => {
  const { features, reasons } = clampRow(rowOf([number('seats', 1000), number('carrier_delay', -2)]), profile);
  expect(features).toEqual([number('seats', 400), number('carrier_delay', -1)]);
  expect(reasons).toEqual(['missing:carrier_temp', 'clamped:seats', 'clamped:carrier_delay']);
});

test('numbers in the range, categories, and what is missing or unknown to the profile stay as they are', () => {
  const features = [
    number('hour', 23.5),
    { name: 'dest', value: 'LAX', code: 2, status: 'ok' as const },
    { name: 'carrier_temp', value: null, code: Number.NaN, status: 'missing' as const },
    number('another', 1e9),
  ];
  expect(clampRow(rowOf(features), profile)).toEqual(rowOf(features));
});

test('a feature that was missing throughout training has no range to be drawn into', () => {
  const never = profile.features.map((feature) => (feature.kind === 'number' ? { ...feature, range: null } : feature));
  const row = rowOf([number('seats', 1000)]);
  expect(clampRow(row, { ...profile, features: never })).toEqual(row);
});
