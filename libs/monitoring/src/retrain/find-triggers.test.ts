import type { Finding, MonitorFindings } from '@repo/contract/monitor-findings';
import { retrainingPolicySchema } from '@repo/contract/retraining-policy';
import { expect, test } from 'vitest';
import { dayOfUs, usOfDay } from './choose-window.ts';
import { findTriggers } from './find-triggers.ts';
import type { RetrainSituation } from './retrain-situation.ts';

const dayUs = 86_400e6;
const logLoss: Finding = {
  ...{ kind: 'model', name: 'logLoss', subject: null, value: 0.6, interval: [0.55, 0.65], importance: null },
  ...{ limit: { good: 'at most', at: 0.5 }, outcome: 'page', reason: 'It was 0.42.' },
};
const psi = (subject: string, importance: number | null): Finding => ({
  ...{ kind: 'data', name: 'psi', subject, value: 0.4, interval: null, importance },
  ...{ limit: null, outcome: 'page', reason: 'It moved.' },
});

/** Findings about the day before, and the version that answered then. */
function foundOn(day: string, findings: Finding[], version: string | null = '3'): MonitorFindings {
  const window = { from: `${dayOfUs(usOfDay(day) - dayUs)}T00:00:00Z`, to: `${day}T00:00:00Z`, rows: 1000 };
  return { schemaVersion: 1, model: 'late-order', at: `${day}T01:00:00Z`, window, version, findings };
}

/** What fires for version 3, of five features, by findings alone. */
const fired = (...findings: MonitorFindings[]): string[] =>
  findTriggers(
    {
      ...{ policy: retrainingPolicySchema.parse({}), version: 3, features: ['a', 'b', 'c', 'd', 'e'] },
      ...{ changes: [], runs: [], asked: null, findings },
    } as unknown as RetrainSituation,
    null,
  ).map(({ trigger }) => trigger);

test('two bad windows in a row fire, also around a weekend that nobody asked in; with a week between them they do not', () => {
  expect(fired(foundOn('2024-03-20', [logLoss]), foundOn('2024-03-21', [logLoss]))).toEqual(['quality']);
  expect(fired(foundOn('2024-03-18', [logLoss]), foundOn('2024-03-21', [logLoss]))).toEqual(['quality']);
  expect(fired(foundOn('2024-03-13', [logLoss]), foundOn('2024-03-21', [logLoss]))).toEqual([]);
});

test('what was found about another version fires nothing, nor what was found about this one before another answered', () => {
  const bad = [logLoss, psi('a', 0.9)];
  expect(fired(foundOn('2024-03-20', bad), foundOn('2024-03-21', bad)).sort()).toEqual(['drift', 'quality']);
  expect(fired(foundOn('2024-03-20', bad, '2'), foundOn('2024-03-21', bad, '2'))).toEqual([]);
  expect(fired(foundOn('2024-03-20', [logLoss], '2'), foundOn('2024-03-21', [logLoss]))).toEqual([]);
  expect(fired(foundOn('2024-03-19', bad), foundOn('2024-03-20', bad), foundOn('2024-03-21', [], '4'))).toEqual([]);
  expect(fired(foundOn('2024-03-21', bad, null))).toEqual([]);
});

test('drift fires by the importance of what drifted: one that the model rests on, not four that it hardly uses', () => {
  expect(fired(foundOn('2024-03-21', [psi('a', 0.25)]))).toEqual(['drift']);
  expect(
    fired(
      foundOn(
        '2024-03-21',
        ['b', 'c', 'd', 'e'].map((name) => psi(name, 0.04)),
      ),
    ),
  ).toEqual([]);
  expect(fired(foundOn('2024-03-21', [psi('a', null)]))).toEqual(['drift']);
});
