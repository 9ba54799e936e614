import { expect, test } from 'vitest';
import { plantedDays } from '../drift/fixtures/planted-world.ts';
import type { Window } from '../window.ts';
import { evaluateLabelCoverage } from './evaluate-label-coverage.ts';
import { fairLabels } from './fair-labels.ts';

const days = plantedDays(5, 4);
const endUs = days.at(-1)?.toUs as number;
const withLabels = (window: Window, labels: Partial<Window['labels']>): Window => ({
  ...window,
  labels: { ...window.labels, ...labels },
});
const stopped = (window: Window) => withLabels(window, { known: 0, positive: 0 });

/** What is found once the labels of each of the last days are so many of 1,000. */
function found(known: readonly number[], labelCoverage = 0.9) {
  const first = days.length - known.length;
  const windows = days.map((day, i) => (i < first ? day : withLabels(day, { known: known[i - first] as number })));
  return evaluateLabelCoverage({ windows, endUs, objectives: { labelCoverage } })[0];
}

test.each([
  ['all labels', [1000, 1000], 'ok'],
  ['almost all', [895, 895], 'ok'],
  ['none of one day', [1000, 0], 'warn'],
  ['none of two days', [0, 0], 'page'],
  ['a small part', [600, 500], 'page'],
  ['none, and then all again', [0, 0, 1000], 'ok'],
] as const)('%s: %j', (_, known, outcome) => {
  expect(found(known)).toMatchObject({
    kind: 'data',
    name: 'labelCoverage',
    value: (known.at(-1) ?? 0) / 1000,
    outcome,
  });
});

test('a page says how many of how many, and what to look at', () => {
  expect(found([500, 500])?.reason).toBe(
    '500 of 1000 answers whose label ought to be there have one, 50.0 %; at least 90.0 % is good. Look whether labels still arrive, and whether they name their requests as the callers do.',
  );
});

test('windows of few answers are judged together: labels that stop are found however little is asked', () => {
  const few = days.map((day, i) => ({
    ...withLabels(day, { matured: 20, known: i < 1 ? 20 : 0 }),
    levels: { champion: 20 },
  }));
  const week = [
    ...few,
    ...few.slice(1).map((day) => ({ ...day, fromUs: day.fromUs + 3 * 86_400e6, toUs: day.toUs + 3 * 86_400e6 })),
  ];
  const of = (windows: readonly Window[]) =>
    evaluateLabelCoverage({ windows, endUs: windows.at(-1)?.toUs ?? 0, objectives: { labelCoverage: 0.9 } })[0];
  expect(of(few.slice(0, 2))).toMatchObject({ outcome: 'no-verdict' });
  expect(of(few)).toMatchObject({ value: 0, outcome: 'warn' });
  expect(of(week)).toMatchObject({ value: 0, outcome: 'page' });
});

test('what is not matured yet is not missed', () => {
  const windows = [...days.slice(0, -1), withLabels(days.at(-1) as Window, { matured: 940, known: 0 })];
  const judged = (all: readonly Window[]) =>
    evaluateLabelCoverage({ windows: all, endUs, objectives: { labelCoverage: 0.9 } });
  expect(judged(windows)).toMatchObject([{ value: 1, outcome: 'ok' }]);
  const young = days.map((day) => withLabels(day, { matured: 0, known: 0 }));
  expect(judged(young)).toMatchObject([
    { value: null, outcome: 'no-verdict', reason: expect.stringContaining('Wait') },
  ]);
  expect(judged([])).toMatchObject([{ outcome: 'no-verdict' }]);
});

test('labels that never came are no news once nobody has answered for more than a week', () => {
  const windows = days.map(stopped);
  const after = (passed: number) =>
    evaluateLabelCoverage({ windows, endUs: endUs + passed * 86_400e6, objectives: { labelCoverage: 0.9 } })[0]
      ?.outcome;
  expect([after(7), after(8)]).toEqual(['page', 'no-verdict']);
});

test('versions that answer side by side are one, and where no labels are awaited nothing is found', () => {
  const half = days.flatMap((day) => [stopped(day), { ...day, version: '2' }]);
  expect(evaluateLabelCoverage({ windows: half, endUs, objectives: { labelCoverage: 0.4 } })[0]?.value).toBe(0.5);
  expect(evaluateLabelCoverage({ windows: half, endUs, objectives: { labelCoverage: 0 } })).toEqual([]);
});

test('labels of a window that has too few of them are no fair sample, and others stay as they are', () => {
  const [day] = days as [Window];
  expect(fairLabels([day], 0.9)).toEqual([day]);
  expect(fairLabels([withLabels(day, { known: 899 })], 0.9)[0]?.labels).toMatchObject({
    matured: 1000,
    known: 0,
    positive: 0,
  });
  expect(fairLabels([withLabels(day, { known: 1 })], 0)[0]?.labels.known).toBe(1);
});
