import { monitoringPolicySchema } from '@repo/contract/monitoring-policy';
import { expect, test } from 'vitest';
import { plantedDays } from '../drift/fixtures/planted-world.ts';
import type { FeatureWindow, Window } from '../window.ts';
import { evaluateData } from './evaluate-data.ts';

const { objectives } = monitoringPolicySchema.parse(undefined);
const days = plantedDays(5, 2);
const changedHeat = (change: Partial<FeatureWindow>) => (window: Window) =>
  ({ ...window, features: { ...window.features, heat: { ...window.features.heat, ...change } } }) as Window;

function outcomes(change: (window: Window) => Window, windows = days): Record<string, string> {
  const findings = evaluateData({ windows: windows.map(change), objectives });
  return Object.fromEntries(findings.map(({ name, outcome }) => [name, outcome]));
}

const fine = { staleFeatures: 'ok', missingFeatures: 'ok', invalidFeatures: 'ok', fallbackShare: 'ok' };

test('input as the contract wants it is fine', () => {
  expect(outcomes((window) => window)).toEqual(fine);
});

test.each([
  ['stale values', 'staleFeatures', changedHeat({ statuses: { ok: 500, stale: 500 } })],
  ['missing values', 'missingFeatures', changedHeat({ missing: 600 })],
  ['texts for numbers', 'invalidFeatures', changedHeat({ other: 20 })],
  ['answers of the prior', 'fallbackShare', (window: Window) => ({ ...window, levels: { champion: 900, prior: 100 } })],
])('%s page by their name alone, in the second window', (_, name, change) => {
  expect(outcomes(change)).toEqual({ ...fine, [name]: 'page' });
  expect(outcomes(change, days.slice(0, 1))).toEqual({ ...fine, [name]: 'warn' });
});

test('a finding names the features that have most of it, and few rows give no verdict', () => {
  const [, missing] = evaluateData({ windows: days.map(changedHeat({ missing: 600 })), objectives });
  expect(missing?.reason).toContain('Most: heat (600)');
  const small = evaluateData({ windows: days.map((window) => ({ ...window, rows: 10 })), objectives });
  expect(new Set(small.map(({ outcome }) => outcome))).toEqual(new Set(['no-verdict']));
  expect(evaluateData({ windows: [], objectives })).toEqual([]);
});
