import type { Finding } from '@repo/contract/monitor-findings';
import { expect, test } from 'vitest';
import { exitCodeOf } from './monitor/exit-code.ts';

const finding = (name: string, outcome: Finding['outcome'], kind: Finding['kind'] = 'model'): Finding => ({
  ...{ kind, name, subject: null, value: null, interval: null, limit: null, outcome, reason: '', importance: null },
});
/** What traffic without a label shows, all of it fine. */
const withoutLabels = ['estimatedLogLoss', 'meanAnswer', 'scorePsi', 'sudden logLoss'].map((name) =>
  finding(name, 'ok'),
);
const others = [finding('traffic', 'ok', 'system'), finding('logLoss', 'ok', 'business')];

test('traffic that is fine and has too few labels is no fine model', () => {
  expect(exitCodeOf([...withoutLabels, ...others, finding('logLoss', 'no-verdict')], 'binary')).toBe(3);
  expect(exitCodeOf([], 'binary')).toBe(3);
});

test.each([
  ['one realised metric that is fine', finding('auc', 'ok'), 0],
  ['one that is beyond its limit by chance', finding('logLoss', 'warn'), 0],
  ['one of another task', finding('mae', 'ok'), 3],
  ['a page of whatever kind', finding('traffic', 'page', 'system'), 1],
])('%s decides', (_, one, exitCode) => {
  expect(exitCodeOf([...withoutLabels, finding('brier', 'no-verdict'), one], 'binary')).toBe(exitCode);
});
