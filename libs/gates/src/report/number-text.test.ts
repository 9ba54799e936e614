import { expect, test } from 'vitest';
import { numberText, signedText } from './number-text.ts';

test('numbers have four digits that count, whole ones all of theirs', () => {
  const shown = [0, -0, 0.1 + 0.2, 0.422_649, 1e-7, 27_004, 1234.567, -0.000_012_345, 1e300].map((value) =>
    numberText(value),
  );
  expect(shown).toEqual(['0', '0', '0.3', '0.4226', '1e-7', '27,004', '1235', '-0.00001234', '1e+300']);
  expect(numberText(5, 'ms')).toBe('5 ms');
  expect(numberText(null, 'ms')).toBe('-');
});

test('a difference shows its sign, none when there is none', () => {
  expect([0.0084, -0.0121, 0, -0].map(signedText)).toEqual(['+0.0084', '-0.0121', '0', '0']);
});
