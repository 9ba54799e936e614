import { expect, test } from 'vitest';
import { gateNames } from './gate-name.ts';
import type { GateCheck, GateReport, GateResult, Outcome } from './gate-report.ts';
import { gateReportProblems } from './gate-report-problems.ts';

const check = (outcome: Outcome): GateCheck => ({
  name: 'AUC',
  outcome,
  value: null,
  interval: null,
  limit: null,
  unit: '',
  detail: '',
});

const gates = (change: (gate: GateResult) => GateResult[] = (gate) => [gate]): Pick<GateReport, 'gates'> => ({
  gates: gateNames
    .filter((gate) => gate !== 'reproducible-build')
    .map((gate): GateResult => ({ gate, outcome: 'pass', summary: '', checks: [check('pass')] }))
    .flatMap(change),
});
const problemsOf = (report: Pick<GateReport, 'gates'>) => gateReportProblems(report as GateReport);
const changed = (rest: Partial<GateResult>) =>
  problemsOf(gates((gate) => [gate.gate === 'slices' ? { ...gate, ...rest } : gate]));

test('a report with every gate of the day, each as bad as its worst check, is believed', () => {
  expect(problemsOf(gates())).toEqual([]);
  expect(changed({ outcome: 'fail', checks: [check('pass'), check('fail'), check('inconclusive')] })).toEqual([]);
  expect(changed({ outcome: 'pass', checks: [check('pass'), check('not-applicable')] })).toEqual([]);
  expect(changed({ outcome: 'not-applicable', checks: [] })).toEqual([]);
  const night: GateResult = { gate: 'reproducible-build', outcome: 'pass', summary: '', checks: [check('pass')] };
  expect(problemsOf({ gates: [...gates().gates, night] })).toEqual([]);
});

test.each<[string, Partial<GateResult>]>([
  ['passes over a failing check', { checks: [check('fail')] }],
  ['passes over an inconclusive check', { checks: [check('pass'), check('inconclusive')] }],
  ['passes without a check', { checks: [] }],
  ['fails without a failing check', { outcome: 'fail' }],
])('a gate that %s is not believed', (_, rest) => {
  expect(changed(rest)).toMatchObject([{ path: 'gate slices' }]);
});

test('a gate that is left out, or answered twice, is not believed', () => {
  const without = problemsOf(gates((gate) => (gate.gate === 'serving-skew' ? [] : [gate])));
  expect(without).toMatchObject([{ path: 'gate serving-skew', received: 'no answer' }]);
  const twice = problemsOf(gates((gate) => (gate.gate === 'serving-skew' ? [gate, gate] : [gate])));
  expect(twice).toMatchObject([{ path: 'gate serving-skew', received: '2 answers' }]);
});
