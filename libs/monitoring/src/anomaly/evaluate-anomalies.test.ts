import { expect, test } from 'vitest';
import { plantedDays } from '../drift/fixtures/planted-world.ts';
import type { Window } from '../window.ts';
import { evaluateAnomalies } from './evaluate-anomalies.ts';

const answerEdges = { 1: [0.1, 0.2, 0.3, 0.4] };
const month = plantedDays(11, 40);

/** Outcomes by name after the last two days were changed. */
function outcomes(change: (window: Window) => Window, days = 2): Record<string, string> {
  const windows = month.map((window, day) => (day >= month.length - days ? change(window) : window));
  const findings = evaluateAnomalies({ windows, answerEdges, binary: true });
  return Object.fromEntries(findings.map(({ name, outcome }) => [name, outcome]));
}

const fine = { traffic: 'ok', meanAnswer: 'ok', labelRateOfDay: 'ok', outlierShare: 'ok' };

test('days like those before are no anomaly', () => {
  expect(outcomes((window) => window)).toEqual(fine);
});

test.each([
  ['a third of the traffic', 'traffic', (window: Window) => ({ ...window, rows: 330 })],
  ['answers that all went up', 'meanAnswer', (window: Window) => ({ ...window, answers: [0, 0, 0, 0, 1000] })],
  [
    'three times as many yeses',
    'labelRateOfDay',
    (window: Window) => ({ ...window, labels: { ...window.labels, positive: 640 } }),
  ],
  [
    'every tenth row an outlier',
    'outlierShare',
    (window: Window) => ({ ...window, outliers: { judged: 1000, found: 100 } }),
  ],
])('%s pages by its name alone, on the second day', (_, name, change) => {
  expect(outcomes(change)).toEqual({ ...fine, [name]: 'page' });
  expect(outcomes(change, 1)).toEqual({ ...fine, [name]: 'warn' });
});

test('labels that came early are no anomaly, and hide none of a day whose labels have had their time', () => {
  const early = { matured: 600, known: 600, positive: 0 };
  const young = (window: Window) => ({ ...window, labels: { ...window.labels, ...early } });
  expect(outcomes(young)).toEqual(fine);
  const many = month.map((window, day) =>
    day < 38 ? { ...window, labels: { ...window.labels, positive: day < 36 ? 200 : 640 } } : young(window),
  );
  const found = evaluateAnomalies({ windows: many, answerEdges, binary: true });
  expect(found.find(({ name }) => name === 'labelRateOfDay')?.outcome).toBe('page');
});

test('two versions that share the traffic of a day share its hours', () => {
  const shared = month.flatMap((window, day) => {
    const half = { ...window, rows: window.rows / 2 };
    return day < month.length - 2 ? [window] : [half, { ...half, version: '2' }];
  });
  const [traffic] = evaluateAnomalies({ windows: shared, answerEdges, binary: true });
  expect(traffic).toMatchObject({ name: 'traffic', outcome: 'ok' });
});

test('hours of a day are joined, and a week of history is none', () => {
  const halves = month.flatMap((window) => {
    const middle = (window.fromUs + window.toUs) / 2;
    const half = { ...window, rows: 500 };
    return [
      { ...half, toUs: middle },
      { ...half, fromUs: middle },
    ];
  });
  expect(evaluateAnomalies({ windows: halves, answerEdges, binary: true })[0]).toMatchObject({ outcome: 'ok' });
  const week = evaluateAnomalies({ windows: month.slice(0, 8), answerEdges, binary: false });
  expect(week.map(({ outcome }) => outcome)).toEqual(['no-verdict', 'no-verdict', 'ok']);
  expect(evaluateAnomalies({ windows: [], answerEdges, binary: true })).toEqual([]);
});
