import { monitoringPolicySchema } from '@repo/contract/monitoring-policy';
import { plantedDays, plantedWorld } from '@repo/monitoring/fixtures/planted-world';
import { expect, test } from 'vitest';
import { evaluateInput } from './monitor/evaluate-input.ts';

const world = plantedWorld(2, plantedDays(1, 60));
const profiles = new Map([['1', world.profile]]);
const model = { task: 'binary' as const, features: [], monitoring: monitoringPolicySchema.parse(undefined) };

test('once nobody answers, the silence alone pages, and what the last window showed is repeated no more', () => {
  const windows = Array.from({ length: 60 }, (_, day) => world.window(day, day < 58 ? {} : { shift: 1 }));
  const said = (day: number, outcome: string) =>
    evaluateInput({ model, profiles, windows, basis: null, endUs: world.window(day, {}).toUs })
      .filter((finding) => finding.outcome === outcome)
      .map(({ name }) => name);
  expect(said(59, 'page')).toContain('psi');
  expect(said(60, 'page')).toEqual(['traffic']);
  expect([said(60, 'warn'), said(60, 'ok')]).toEqual([[], []]);
  expect(said(60, 'no-verdict')).toEqual(expect.arrayContaining(['drift', 'missingFeatures', 'meanAnswer']));
});
