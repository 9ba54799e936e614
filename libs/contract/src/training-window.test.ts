import { expect, test } from 'vitest';
import { defineModel } from './model.ts';
import { defineSource } from './source.ts';
import type { Split } from './split.ts';
import { gradientBoosting } from './training.ts';
import { withWindow } from './training-window.ts';
import { column, requestView } from './view.ts';

const trips = defineSource({
  ...{ name: 'trips', about: 'Trips.', owner: 'tests', licence: 'CC0-1.0', key: ['trip_id'], eventTime: 'starts_at' },
  columns: {
    trip_id: { type: 'text', about: 'id' },
    starts_at: { type: 'instant', about: 'planned start' },
    ended_at: { type: 'instant', about: 'end', nullable: true, knownAt: 'ended_at' },
    load: { type: 'number', about: 'passengers' },
    late: { type: 'boolean', about: 'whether it was late', nullable: true, knownAt: 'ended_at' },
  },
  raw: {},
  sql: 'SELECT 1',
  rules: [],
});
const declaredSplit: Split = {
  train: ['2013-01-01', '2013-09-01'],
  validate: ['2013-09-01', '2013-10-01'],
  test: ['2013-10-01', '2013-12-01'],
};
const tripDelay = defineModel({
  ...{ name: 'trip-delay', question: 'Will it be late?', owner: 'tests', events: trips, split: declaredSplit },
  cutoff: { column: 'starts_at', lead: '2h' },
  label: { column: 'late', knownAfter: '6h' },
  features: [requestView({ source: trips, name: 'trip', version: 1, about: 'it', features: { load: column('load') } })],
  training: gradientBoosting(),
  gates: { slices: [] },
  serving: { timeoutMs: 100 },
  release: { steps: [100] },
  resources: { cpu: 1, memoryMiB: 128, replicas: { min: 1, max: 1 } },
});
const later: Split = {
  train: ['2013-01-01', '2013-11-01'],
  validate: ['2013-11-01', '2013-12-01'],
  test: ['2013-12-01', '2013-12-31'],
};

test('a window takes the place of the split, as if the definition had it', () => {
  const moved = withWindow(tripDelay, later, 'window.json');
  expect(moved).toMatchObject({ split: later, window: later, declaredSplit, name: 'trip-delay', task: 'binary' });
  expect(moved.digest).not.toBe(tripDelay.digest);
  // The days that the definition has anyhow are the same definition.
  expect(withWindow(tripDelay, declaredSplit, 'window.json').digest).toBe(tripDelay.digest);
});

test('without a window the model is the declared one, whatever it was moved to before', () => {
  const back = withWindow(withWindow(tripDelay, later, 'window.json'), null, 'window.json');
  expect(back).toEqual(tripDelay);
});

test.each<[string, Split, RegExp]>([
  [
    'days that overlap',
    { ...later, validate: ['2013-10-20', '2013-12-01'] },
    /^window\.json\.validate\[0\]: received "2013-10-20"; allowed: 2013-11-01 or later/,
  ],
  ['days the wrong way round', { ...later, test: ['2013-12-31', '2013-12-01'] }, /window\.json\.test: received/],
  [
    'days that end before the definition stops learning',
    { train: ['2013-01-01', '2013-02-01'], validate: ['2013-02-01', '2013-03-01'], test: ['2013-03-01', '2013-04-01'] },
    /^window\.json\.test\[1\]: received "2013-04-01"; allowed: 2013-10-01 or later.*remove the file/,
  ],
])('%s are refused', (_, window, message) => {
  expect(() => withWindow(tripDelay, window, 'window.json')).toThrow(message);
});
