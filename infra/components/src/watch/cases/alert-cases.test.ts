import { expect, test } from 'vitest';
import { failedCases, hasPromtool } from '../../fixtures/run-promtool.ts';
import { watchedExamples } from '../../fixtures/watched-examples.ts';
import { modelAlerts, modelRules } from '../model-rules.ts';
import type { RuleGroup } from '../rule.ts';
import type { WatchedModel } from '../watched-model.ts';
import { alertCases } from './alert-cases.ts';

const [example] = watchedExamples as [WatchedModel];
const [group] = modelRules(example).groups as [RuleGroup];

test.each(watchedExamples)('every alert about $name has a case that fires and one that does not', (model) => {
  const cases = alertCases(model);
  const alerts = modelAlerts(model).map(({ alert }) => alert);
  expect(cases.map(({ alert }) => alert).sort()).toEqual(alerts.sort());
  for (const { fires, quiet } of cases) expect(Math.min(fires.length, quiet.length)).toBeGreaterThan(0);
});

// The alerts of real models fire in `npm run e2e -- metrics`, which demands promtool.
test.skipIf(!hasPromtool())('alerts fire, and are quiet, as their cases say', () => {
  expect(failedCases(group, alertCases(example))).toEqual([]);
});

/** The rules with a defect, and the cases that it must fail, of three alerts. */
const defects: [string, (rules: string) => string, string[]][] = [
  [
    'milliseconds for seconds',
    (rules) => rules.replace(/(eventloop[^"]*> )0\.05/, '$150'),
    ['EventLoopLags fires, case 1'],
  ],
  [
    'a metric that nobody emits',
    (rules) => rules.replace('(nodejs_eventloop_lag_seconds', '(nodejs_eventloop_delay_seconds'),
    ['EventLoopLags fires, case 1'],
  ],
  [
    'a label that no series has',
    (rules) => rules.replace('worker_restarts_total{model=', 'worker_restarts_total{modell='),
    ['WorkersRestart fires, case 1'],
  ],
  [
    'a threshold that everything passes',
    (rules) => rules.replace(/(worker_restarts_total[^"]*> )3/, '$1-1'),
    ['WorkersRestart is quiet, case 1', 'WorkersRestart is quiet, case 2'],
  ],
  [
    'a monitor that is only missed once it has run',
    (rules) => rules.replace(/ or 2 \* 86400 \* \(absent[^"]*/, ''),
    ['MonitorSilent fires, case 3'],
  ],
  [
    'one that is missed from the first hour on',
    (rules) => rules.replace(' offset 2d', ''),
    ['MonitorSilent is quiet, case 5'],
  ],
];

test.skipIf(!hasPromtool()).each(defects)('%s fails the cases of that alert and no others', (_what, plant, failed) => {
  const names = ['EventLoopLags', 'WorkersRestart', 'MonitorSilent'];
  const some = alertCases(example).filter(({ alert }) => names.includes(alert));
  const text = plant(JSON.stringify(group).replaceAll('\\"', "'"));
  expect(failedCases(JSON.parse(text) as RuleGroup, some)).toEqual(failed);
});
