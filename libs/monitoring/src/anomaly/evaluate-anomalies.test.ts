import { describe, expect, test } from 'vitest';
import { plantedDays } from '../drift/fixtures/planted-world.ts';
import type { Window } from '../window.ts';
import { evaluateAnomalies } from './evaluate-anomalies.ts';

const answerEdges = { 1: [0.1, 0.2, 0.3, 0.4] };
const month = plantedDays(11, 40);
const endUs = month.at(-1)?.toUs ?? 0;
const hourUs = 3_600e6;

/** Outcomes by name after the last two days were changed. */
function outcomes(change: (window: Window) => Window, days = 2): Record<string, string> {
  const windows = month.map((window, day) => (day >= month.length - days ? change(window) : window));
  const findings = evaluateAnomalies({ windows, answerEdges, endUs, binary: true });
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
  const found = evaluateAnomalies({ windows: many, answerEdges, endUs, binary: true });
  expect(found.find(({ name }) => name === 'labelRateOfDay')?.outcome).toBe('page');
});

describe('no answer at all', () => {
  /** What is said of traffic that stopped, by hours of which each has as many rows as `rowsOf` says. */
  function said(until: number, end: number, rowsOf: (hour: number) => number, begin = 0) {
    const like = month[0] as Window;
    const windows = Array.from({ length: until - begin }, (_, i) => i + begin)
      .filter((hour) => rowsOf(hour) > 0)
      .map((hour) => ({ ...like, fromUs: hour * hourUs, toUs: (hour + 1) * hourUs, rows: rowsOf(hour) }));
    const [traffic] = evaluateAnomalies({ windows, answerEdges, endUs: end * hourUs, binary: true });
    return { outcome: traffic?.outcome, reason: traffic?.reason };
  }
  const office = (rows: number) => (hour: number) =>
    hour % 24 >= 8 && hour % 24 < 18 && Math.floor(hour / 24) % 7 < 5 ? rows : 0;

  test.each([1, 2, 9, 30])(
    'pages while it lasts, on day %i where a thousand a day are usual, and of the rest is no verdict',
    (gone) => {
      const windows = month.slice(0, month.length - gone);
      const found = evaluateAnomalies({ windows, answerEdges, endUs, binary: true });
      expect(found.map(({ outcome }) => outcome)).toEqual(['page', 'no-verdict', 'no-verdict', 'no-verdict']);
      expect(found[0]?.reason).toMatch(
        /^Nothing was answered since .*, where \d+ answers are usual\. Look whether the service runs/,
      );
    },
  );

  test('of a few hundred a day warns on the first day, which may be a holiday, and pages on the second', () => {
    const few = month.map((window) => ({ ...window, rows: 300 }));
    const of = (gone: number) =>
      evaluateAnomalies({ windows: few.slice(0, few.length - gone), answerEdges, endUs, binary: true })[0]?.outcome;
    expect([of(0), of(1), of(2)]).toEqual(['ok', 'warn', 'page']);
  });

  test('pages within the hours that it lasts, and through the night that follows', () => {
    const monday = 35 * 24;
    expect(said(monday + 10, monday + 11, office(1000))).toMatchObject({ outcome: 'page' });
    expect(said(monday + 10, monday + 23, office(1000)).outcome).toBe('page');
  });

  test('is what nights, mornings and weekends are like, and no anomaly there', () => {
    const saturday = 33 * 24;
    for (const end of [saturday - 5, saturday + 3, saturday + 12, saturday + 40, saturday + 48 + 8])
      expect(said(saturday - 6, end, office(1000))).toMatchObject({
        outcome: 'ok',
        reason: expect.stringContaining('where 0 answers are usual'),
      });
  });

  test('warns in the first weeks, of which nobody knows the weekends, and pages after three days', () => {
    const of = (days: number) => said(33 * 24, (33 + days) * 24, () => 100, 25 * 24).outcome;
    expect([of(1), of(2), of(3)]).toEqual(['warn', 'warn', 'page']);
  });
});

test('two versions that share the traffic of a day share its hours', () => {
  const shared = month.flatMap((window, day) => {
    const half = { ...window, rows: window.rows / 2 };
    return day < month.length - 2 ? [window] : [half, { ...half, version: '2' }];
  });
  const [traffic] = evaluateAnomalies({ windows: shared, answerEdges, endUs, binary: true });
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
  expect(evaluateAnomalies({ windows: halves, answerEdges, endUs, binary: true })[0]).toMatchObject({ outcome: 'ok' });
  const week = evaluateAnomalies({
    windows: month.slice(0, 8),
    answerEdges,
    endUs: month[7]?.toUs ?? 0,
    binary: false,
  });
  expect(week.map(({ outcome }) => outcome)).toEqual(['no-verdict', 'no-verdict', 'ok']);
  expect(evaluateAnomalies({ windows: [], answerEdges, endUs, binary: true })).toEqual([]);
});
