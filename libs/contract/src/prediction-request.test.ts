import { expect, test } from 'vitest';
import { InputError } from './input-error.ts';
import type { ModelContract } from './model-contract.ts';
import { createRequestParser } from './prediction-request.ts';

const request: ModelContract['request'] = [
  { name: 'carrier', type: 'text', required: true, about: 'Carrier.' },
  { name: 'scheduled_at', type: 'instant', required: true, about: 'When.' },
  { name: 'seats', type: 'integer', required: false, about: 'Seats.' },
  { name: 'distance', type: 'number', required: false, about: 'Miles.' },
  { name: 'charter', type: 'boolean', required: false, about: 'Whether chartered.' },
];
const parse = createRequestParser({ request } as ModelContract);
const sound = { carrier: 'UA', scheduled_at: '2013-12-24T13:00:00-05:00' };

function problemsOf(body: unknown) {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
  }
  return [];
}

test('fields come out typed, instants in UTC microseconds, absent ones null', () => {
  const scheduled_at = Date.UTC(2013, 11, 24, 18) * 1000;
  expect(parse(sound)).toEqual({ carrier: 'UA', scheduled_at, seats: null, distance: null, charter: null });
  const full = { ...sound, seats: 149, distance: 1400.5, charter: false };
  expect(parse(full)).toEqual({ ...full, scheduled_at });
  expect(parse({ ...sound, seats: null })).toEqual(parse(sound));
});

test.each([
  [{ ...sound, carrier: undefined }, 'request.carrier', 'nothing', 'a string'],
  [{ ...sound, carrier: null }, 'request.carrier', 'null', 'a string'],
  [{ ...sound, carrier: 7 }, 'request.carrier', '7', 'a string'],
  [
    { ...sound, scheduled_at: '2013-12-24T18:00' },
    'request.scheduled_at',
    '"2013-12-24T18:00"',
    'an ISO 8601 instant of the years 1685 to 2254 with its zone, such as 2013-12-24T18:00:00Z',
  ],
  [
    { ...sound, scheduled_at: '2013-02-30T00:00:00Z' },
    'request.scheduled_at',
    '"2013-02-30T00:00:00Z"',
    'an ISO 8601 instant of the years 1685 to 2254 with its zone, such as 2013-12-24T18:00:00Z',
  ],
  [{ ...sound, scheduled_at: 1387908000 }, 'request.scheduled_at', '1387908000', 'a string'],
  [{ ...sound, seats: 1.5 }, 'request.seats', '1.5', 'a whole number'],
  [{ ...sound, seats: '149' }, 'request.seats', '"149"', 'a number'],
  [{ ...sound, charter: 'no' }, 'request.charter', '"no"', 'a boolean'],
  [{ ...sound, dest: 'IAH' }, 'request.dest', '"IAH"', 'carrier, scheduled_at, seats, distance, charter'],
  [
    JSON.parse('{"carrier":"UA","scheduled_at":"2013-12-24T18:00:00Z","__proto__":{"seats":1}}'),
    'request.__proto__',
    '{"seats":1}',
    'carrier, scheduled_at, seats, distance, charter',
  ],
  [[sound], 'request', expect.any(String), 'an object with carrier, scheduled_at, seats, distance, charter'],
  [null, 'request', 'null', 'an object with carrier, scheduled_at, seats, distance, charter'],
  ['UA', 'request', '"UA"', 'an object with carrier, scheduled_at, seats, distance, charter'],
])('%j is refused, saying where and what is allowed', (body, path, received, allowed) => {
  expect(problemsOf(body)).toEqual([{ path, received, allowed, action: expect.stringMatching(/\w/) }]);
});

test('every problem of a request is told at once', () => {
  const paths = problemsOf({ carrier: 1, extra: 2, seats: 'x' }).map((problem) => problem.path);
  expect(paths.sort()).toEqual(['request.carrier', 'request.extra', 'request.scheduled_at', 'request.seats']);
});
