import { monitoringPolicySchema } from '@repo/contract/monitoring-policy';
import { plantedBasis, plantedDays, plantedWorld } from '@repo/monitoring/fixtures/planted-world';
import { expect, test } from 'vitest';
import { evaluateInput } from './monitor/evaluate-input.ts';

const training = plantedDays(1, 60);
const world = plantedWorld(2, training);
const model = { task: 'binary' as const, features: [], monitoring: monitoringPolicySchema.parse(undefined) };
const windows = [0, 1].map((day) => world.window(day, { shift: 1 }));
const newestUs = windows[1]?.toUs as number;

/** What pages, of windows that end at a moment. */
const paged = (endUs: number) =>
  evaluateInput({
    ...{ model, windows, endUs, basis: plantedBasis(world.profile, training) },
    profiles: new Map([['1', world.profile]]),
  })
    .filter(({ outcome }) => outcome === 'page')
    .map(({ name, subject }) => `${name} ${subject}`);

test('two windows that drift page by the law of training, without weeks of traffic', () => {
  expect(paged(newestUs).sort()).toEqual(['psi heat', 'shift heat']);
});

test('what drifted before traffic ceased is no news', () => {
  expect(paged(newestUs + 86_400e6)).toEqual([]);
});
