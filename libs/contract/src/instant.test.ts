import { expect, test } from 'vitest';
import { microseconds } from './duration.ts';
import { InputError } from './input-error.ts';
import { formatInstant, parseInstant } from './instant.ts';

test.each([
  ['2013-12-24T18:00:00Z', 1_387_908_000_000_000],
  ['2013-12-24T13:00:00-05:00', 1_387_908_000_000_000],
  ['2013-12-24', 1_387_843_200_000_000],
  ['2013-12-24T18:00Z', 1_387_908_000_000_000],
  ['1969-12-31T23:59:59.999999Z', -1],
])('reads %s', (text, us) => {
  expect(parseInstant(text, 'at')).toBe(us);
});

test.each([
  ...['2013-12-24T18:00:00', '24.12.2013', '2013-02-30', '2013-13-01', '', 5, null, '2013-12-24T25:00:00Z'],
  ...['9999-12-31T23:59:59.999999Z', '0001-01-01T00:00:00.000001Z'],
])('refuses %s, naming the path and the form', (text) => {
  expect(() => parseInstant(text, 'scheduled_at')).toThrow(/^scheduled_at: received .+; allowed: an ISO 8601 instant/);
  expect(() => parseInstant(text, 'scheduled_at')).toThrow(InputError);
});

test('writes what it reads, to the microsecond', () => {
  for (const text of [
    ...['2013-12-24T18:00:00Z', '2013-12-24T18:00:00.000001Z', '1969-12-31T23:59:59.999999Z'],
    ...['1685-01-01T00:00:00.000001Z', '2254-12-31T23:59:59.999999Z'],
  ]) {
    expect(formatInstant(parseInstant(text, 'at'))).toBe(text);
  }
});

test('counts durations in microseconds', () => {
  expect([microseconds('30s'), microseconds('5m'), microseconds('2h'), microseconds('14d')]).toEqual([
    30e6, 300e6, 7200e6, 1_209_600e6,
  ]);
});
