import { monitoringPolicySchema } from '@repo/contract/monitoring-policy';
import { expect, test } from 'vitest';
import { plantedDays } from '../drift/fixtures/planted-world.ts';
import type { FeatureWindow, Window } from '../window.ts';
import { evaluateData } from './evaluate-data.ts';

const { objectives } = monitoringPolicySchema.parse(undefined);
const days = plantedDays(5, 2);
const changedHeat = (change: Partial<FeatureWindow>) => (window: Window) =>
  ({ ...window, features: { ...window.features, heat: { ...window.features.heat, ...change } } }) as Window;

const valuesOf = ({ features }: Window, name: string): number => {
  const { counts, missing, other } = features[name] as FeatureWindow;
  return counts.reduce((sum, count) => sum + count, missing + other);
};

function outcomes(change: (window: Window) => Window, windows = days): Record<string, string> {
  const findings = evaluateData({ windows: windows.map(change), objectives });
  return Object.fromEntries(findings.map(({ name, outcome }) => [name, outcome]));
}

const fine = { staleFeatures: 'ok', missingFeatures: 'ok', invalidFeatures: 'ok', fallbackShare: 'ok' };

test('input as the contract wants it is fine', () => {
  expect(outcomes((window) => window)).toEqual(fine);
});

test.each([
  ['stale values', 'staleFeatures', changedHeat({ missing: 500, statuses: { ok: 500, stale: 500 } })],
  ['missing values', 'missingFeatures', changedHeat({ missing: 600 })],
  ['texts for numbers', 'invalidFeatures', changedHeat({ other: 20 })],
  ['answers of the prior', 'fallbackShare', (window: Window) => ({ ...window, levels: { champion: 900, prior: 100 } })],
])('%s page by their name alone, in the second window', (_, name, change) => {
  expect(outcomes(change)).toEqual({ ...fine, [name]: 'page' });
  expect(outcomes(change, days.slice(0, 1))).toEqual({ ...fine, [name]: 'warn' });
});

test('stand-ins that answer as the version before are found beside the one that answers most', () => {
  const before = days.map((window) => ({ ...window, version: '0', rows: 200, levels: { previous: 200 } }));
  const all = days.flatMap((window, i) => [before[i] as Window, window]);
  const of = (some: readonly Window[]) => evaluateData({ windows: days, all: some, objectives }).at(-1);
  expect(of(all)).toMatchObject({ name: 'fallbackShare', value: 200 / 1200, outcome: 'page' });
  expect(of(days)).toMatchObject({ name: 'fallbackShare', value: 0, outcome: 'ok' });
});

test('windows with a week between them do not agree', () => {
  const [first, second] = days.map(changedHeat({ missing: 600 })) as [Window, Window];
  const later = { ...second, fromUs: second.fromUs + 7 * 86_400e6, toUs: second.toUs + 7 * 86_400e6 };
  expect(outcomes((window) => window, [first, later]).missingFeatures).toBe('warn');
});

test('values are stale among those that are looked up, however many more the request holds', () => {
  const few = days.map(changedHeat({ missing: 100, statuses: { ok: 900, stale: 100 } }));
  const [heat, ...others] = ['heat', ...Object.keys(days[0]?.features ?? {}).filter((name) => name !== 'heat')];
  const sharesOf = (fromRequest: readonly string[]) =>
    evaluateData({ windows: few, objectives, fromRequest: new Set(fromRequest) }).map(({ value }) => value);
  const [looked, missing] = sharesOf(others);
  expect(looked).toBeCloseTo(100 / valuesOf(few.at(-1) as Window, heat as string), 9);
  expect(sharesOf([])[0]).toBeLessThan((looked as number) / 2);
  expect(missing).toBe(sharesOf([])[1]);
});

test('a finding names the features that have most of it, and few rows give no verdict', () => {
  const [, missing] = evaluateData({ windows: days.map(changedHeat({ missing: 600 })), objectives });
  expect(missing?.reason).toContain('Most: heat (600)');
  const small = evaluateData({ windows: days.map((window) => ({ ...window, rows: 10 })), objectives });
  expect(new Set(small.map(({ outcome }) => outcome))).toEqual(new Set(['no-verdict']));
  expect(evaluateData({ windows: [], objectives })).toEqual([]);
});
