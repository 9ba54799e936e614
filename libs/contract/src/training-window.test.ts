import { expect, test } from 'vitest';
import flightDelay from '../../../models/flight-delay/model.ts';
import type { Split } from './split.ts';
import { withWindow } from './training-window.ts';

const { declaredSplit } = flightDelay;
const later: Split = {
  train: ['2013-01-01', '2013-11-01'],
  validate: ['2013-11-01', '2013-12-01'],
  test: ['2013-12-01', '2013-12-31'],
};

test('a window takes the place of the split, as if the definition had it', () => {
  const moved = withWindow(flightDelay, later, 'window.json');
  expect(moved).toMatchObject({ split: later, window: later, declaredSplit, name: 'flight-delay', task: 'binary' });
  expect(moved.digest).not.toBe(flightDelay.digest);
  // The days that the definition has anyhow are the same definition.
  expect(withWindow(flightDelay, declaredSplit, 'window.json').digest).toBe(flightDelay.digest);
});

test('without a window the model is the declared one, whatever it was moved to before', () => {
  const back = withWindow(withWindow(flightDelay, later, 'window.json'), null, 'window.json');
  expect(back).toEqual(flightDelay);
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
  expect(() => withWindow(flightDelay, window, 'window.json')).toThrow(message);
});
