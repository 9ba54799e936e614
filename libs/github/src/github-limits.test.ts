import { expect, test } from 'vitest';
import { plainTitle, withinLimit } from './github-limits.ts';

test('a body that is too long keeps its beginning and says that it was cut, without half a character', () => {
  expect(withinLimit('short')).toBe('short');
  const cut = withinLimit(`verdict: fail\n${'🛫'.repeat(40_000)}`);
  expect(cut.length).toBeLessThanOrEqual(65_535);
  expect(cut).toMatch(/^verdict: fail\n/);
  expect(cut).toMatch(/cut here: GitHub takes no more/);
  expect(cut.isWellFormed()).toBe(true);
});

test.each([
  ['one\nline\r\u2028only', 'one line only'],
  ['lr\u202Egpj.exe', 'lr gpj.exe'],
  ['\u0000 nul', 'nul'],
  ['<b>@everyone</b> `code`', '<b>@everyone</b> `code`'],
])('title %j is one line of what one can see: %j', (title, plain) => {
  expect(plainTitle(title)).toBe(plain);
});

test('a long title ends in an ellipsis within the limit', () => {
  expect(plainTitle('x'.repeat(300))).toBe(`${'x'.repeat(254)}…`);
});
