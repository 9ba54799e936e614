import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostileTexts } from './fixtures/hostile-texts.ts';
import { plainText } from './plain-text.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(...hostileTexts),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

test('a text that can be read stays as it is', () => {
  for (const text of ['carrier EV', 'Ünïcode 航空 ✈ 🛫', 'a < b && c', "it's 5 %"]) expect(plainText(text)).toBe(text);
});

test('lines become one line', () => {
  expect(plainText(' a\r\n\tb\u2028c\u00a0 d\n')).toBe('a b c d');
});

test('what cannot be seen is shown as its code', () => {
  expect(plainText('a\u202eb\u200bc\u0007\ud800')).toBe('a[U+202E]b[U+200B]c[U+0007][U+D800]');
  expect(plainText('\u{e0041}\u3164\u00ad')).toBe('[U+E0041][U+3164][U+00AD]');
});

test('marks pile up to three at most, and stand on something', () => {
  expect(plainText(`a${'\u0301'.repeat(50)}b`)).toBe('a\u0301\u0301\u0301b');
  expect(plainText('\u0301x')).toBe('\u25cc\u0301x');
});

test('whatever comes, the text is one visible line, within its length, in whole characters', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 100 }), (text, maxChars) => {
      const shown = plainText(text, maxChars);
      expect(shown.length).toBeLessThanOrEqual(maxChars);
      expect(shown.isWellFormed()).toBe(true);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: 500 },
  );
});

test('a cut text says so, and a huge one is cut before it is looked at', () => {
  expect(plainText('abcdef', 4)).toBe('abc…');
  expect(plainText('🛫🛫🛫', 4)).toBe('🛫…');
  expect(plainText(`a${' '.repeat(10_000_000)}b`, 10)).toBe('a…');
});
