import type { Profile } from '@repo/contract/profile';
import { ServiceError } from '@repo/contract/service-error';
import type { FeatureValue } from '@repo/features/look-up';
import { expect, test } from 'vitest';
import { exampleContract } from '../fixtures/example-bundle.ts';
import { exampleProfile } from '../fixtures/example-companions.ts';
import { createBlame, isBeyondTraining } from './blame.ts';
import { OutputGuard, RefusedOutput } from './output-guard.ts';
import type { Row } from './row.ts';

/** Seats from 0 to 400 and never missing, a temperature that sometimes was, and three destinations. */
const example = exampleProfile(exampleContract('example'), false);
const profile: Profile = {
  ...example,
  features: example.features.map((feature) => (feature.name === 'carrier_temp' ? { ...feature, missing: 3 } : feature)),
};

function rowOf(codes: Record<string, number> = {}, reasons: string[] = []): Row {
  const ordinary = { dest: 1, hour: 13, seats: 2, carrier_temp: 40, carrier_delay: 0.5 };
  const features = Object.entries({ ...ordinary, ...codes }).map(
    ([name, code]): FeatureValue => ({ name, value: code, code: Math.fround(code), status: 'ok' }),
  );
  return { features, reasons, cutoff: '', featuresAsOf: '', storeAnswered: true };
}

test.each([
  ['values within the ranges', rowOf()],
  ['the ends of a range', rowOf({ seats: 400, carrier_delay: -1 })],
  ['nothing where training sometimes had nothing', rowOf({ carrier_temp: Number.NaN })],
])('a row with %s is ordinary', (_what, row) => {
  expect(isBeyondTraining(row, profile)).toBe(false);
});

test.each([
  ['the largest float32', rowOf({ seats: 3.4028234663852886e38 })],
  ['more than a float32 holds', rowOf({ seats: 1e39 })],
  ['a number just outside its range', rowOf({ seats: -0.001 })],
  ['nothing where training always had a value', rowOf({ seats: Number.NaN })],
  ['a category that training did not have', rowOf({ dest: Number.NaN }, ['unknown_category:dest'])],
  ['a feature that training did not have', rowOf({ another: 1 })],
])('a row with %s is beyond training', (_what, row) => {
  expect(isBeyondTraining(row, profile)).toBe(true);
});

test('a range that ends between two float32 takes in what its end becomes in the model', () => {
  const features = profile.features.map((feature) =>
    feature.kind === 'number' && feature.name === 'seats'
      ? { ...feature, range: [0, 0.1] as [number, number] }
      : feature,
  );
  expect(Math.fround(0.1)).toBeGreaterThan(0.1);
  expect(isBeyondTraining(rowOf({ seats: 0.1 }), { ...profile, features })).toBe(false);
});

test('without a profile any row may be beyond training', () => {
  expect(isBeyondTraining(rowOf(), null)).toBe(true);
});

const strange = rowOf({ seats: 1e39 });
const errors = {
  notFinite: () => new RefusedOutput(OutputGuard.notFinite, 'probability', Number.NaN),
  outOfRange: () => new RefusedOutput(OutputGuard.outOfRange, 'probability', 2),
  refusedRun: () => new ServiceError('inference_failed', { path: 'example', received: 'x' }),
  late: () => new ServiceError('deadline_exceeded', { path: 'example', received: 'x' }),
  lost: () => new ServiceError('worker_lost', { path: 'example', received: 'x' }),
  unexpected: () => new TypeError('x'),
};

test('only what a strange row can bring about is forgiven, and over an ordinary row nothing is', () => {
  const blame = createBlame(profile);
  const speaksAgainst = (make: () => Error, row: Row): boolean => {
    const error = make();
    blame.hear(error, row);
    return blame.isFailure(error);
  };
  const against = (row: Row) =>
    Object.entries(errors).flatMap(([name, make]) => (speaksAgainst(make, row) ? [name] : []));
  expect(against(strange)).toEqual(['late', 'lost', 'unexpected']);
  expect(against(rowOf())).toEqual(Object.keys(errors));
});
