import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fTail } from './f-distribution.ts';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { studentTTwoSided } from './student-t-distribution.ts';

test('its tail agrees with SciPy', () => {
  expectGolden('fTail', fTail);
});

test('with one degree above it is the square of a Student t', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-3, max: 100, noNaN: true }),
      fc.double({ min: 0.5, max: 500, noNaN: true }),
      (t, n) => expectClose(fTail(t * t, 1, n), studentTTwoSided(t, n), 1e-10),
    ),
  );
});

test('the ends are certain', () => {
  expect([fTail(-1, 3, 4), fTail(0, 3, 4), fTail(Infinity, 3, 4)]).toEqual([1, 1, 0]);
});

test('degrees that are not above 0 and NaN are refused by name', () => {
  expect(() => fTail(1, 0, 3)).toThrow(/^degreesAbove: received 0; allowed: a number above 0, at most 1e9/);
  expect(() => fTail(1, 3, Number.NaN)).toThrow(/^degreesBelow: received NaN; allowed: a number above 0, at most 1e9/);
  expect(() => fTail(Number.NaN, 3, 3)).toThrow(/^x: received NaN; allowed: any number but NaN/);
});
