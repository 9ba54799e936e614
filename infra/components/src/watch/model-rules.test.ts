import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { watchedExamples } from '../fixtures/watched-examples.ts';
import { modelAlerts, modelRecordings, modelRules } from './model-rules.ts';
import type { WatchedModel } from './watched-model.ts';

const root = join(import.meta.dirname, '../../../..');
const [bus, bikes] = watchedExamples as [WatchedModel, WatchedModel];
const exprOf = (model: WatchedModel, alert: string) => modelAlerts(model).find((one) => one.alert === alert)?.expr;

test.each(watchedExamples)('every alert about $name says who hears of it, what is wrong and what to do', (model) => {
  const alerts = modelAlerts(model);
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  for (const { alert, labels, annotations } of alerts) {
    expect(labels.model).toBe(model.name);
    expect(['page', 'ticket']).toContain(labels.severity);
    expect(annotations.summary, alert).toMatch(/^.{20,}\.$/);
    expect(existsSync(join(root, annotations.runbook_url)), `${alert}: ${annotations.runbook_url}`).toBe(true);
  }
});

test('a link to a runbook leads to the web where an address is given', () => {
  const [alert] = modelAlerts(bus, 'https://example.org/runbooks');
  expect(alert?.annotations.runbook_url).toBe('https://example.org/runbooks/model-not-ready.md');
});

test('only what callers lose answers by pages', () => {
  const pages = modelAlerts(bus).filter(({ labels }) => labels.severity === 'page');
  expect(pages.map(({ alert }) => alert)).toEqual([
    'ModelNotReady',
    'AvailabilityBudgetBurnsFast',
    'LatencyBudgetBurnsFast',
  ]);
});

test('thresholds are the objectives of the model', () => {
  expect(exprOf(bus, 'AvailabilityBudgetBurnsFast')).toBe(
    '(model:requests_failed:ratio_rate1h{model="late-bus"} > 0.144 and model:requests_failed:ratio_rate5m{model="late-bus"} > 0.144 and model:requests_failed:increase1h{model="late-bus"} >= 10) or ' +
      '(model:requests_failed:ratio_rate6h{model="late-bus"} > 0.06 and model:requests_failed:ratio_rate30m{model="late-bus"} > 0.06 and model:requests_failed:increase6h{model="late-bus"} >= 10)',
  );
  expect(exprOf(bikes, 'AvailabilityBudgetBurnsSlowly')).toContain('ratio_rate1d{model="bike-demand"} > 0.003 ');
  const slow = modelRecordings(bus).find(({ record }) => record === 'model:requests_slow:ratio_rate5m');
  expect(slow?.expr).toContain('{model="late-bus",le="0.025"}');
  expect(exprOf(bus, 'ScoresShifted')).toContain('> 0.3 and');
  expect(exprOf(bus, 'EventLoopLags')).toMatch(/> 0\.05$/);
  expect(exprOf(bikes, 'EventLoopLags')).toMatch(/> 0\.25$/);
});

test('a regression has no scores, and a model without a chain nobody who stands in', () => {
  const names = modelAlerts(bikes).map(({ alert }) => alert);
  for (const absent of ['ScoresShifted', 'FallbackShareHigh', 'BreakerOpen']) expect(names).not.toContain(absent);
  expect(modelRecordings(bikes).some(({ record }) => record.includes('score'))).toBe(false);
});

test('what is recorded stands before the alerts that look at it', () => {
  const [group] = modelRules(bus).groups;
  const kinds = group?.rules.map((rule) => ('record' in rule ? 'record' : 'alert'));
  expect(kinds?.lastIndexOf('record')).toBeLessThan(kinds?.indexOf('alert') as number);
});
