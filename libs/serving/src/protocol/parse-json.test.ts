import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './parse-json.ts';

const parse = (text: string, maxElements = 100) => parseJson(new TextEncoder().encode(text), maxElements);
const code = (name: string, received: RegExp) =>
  expect.objectContaining({
    code: name,
    problems: [expect.objectContaining({ received: expect.stringMatching(received) })],
  });

test('any JSON is parsed as it was written', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('brackets, commas and escaped quotes within strings count as nothing', () => {
  const text = JSON.stringify(`${'[{'.repeat(200)}"\\${','.repeat(5000)}`);
  expect(parse(text, 0)).toBe(JSON.parse(text));
});

test.each([
  ['nothing', '', /nothing/],
  ['what is no JSON', '{"a": NaN}', /NaN/],
  ['a string without end', '"abc\\', /abc/],
  ['101 levels', `${'['.repeat(101)}${']'.repeat(101)}`, /100 levels/],
])('%s is refused', (_what, text, received) => {
  expect(() => parse(text)).toThrow(code('malformed_json', received));
});

test('100 levels pass, bytes that are not UTF-8 do not, and a flood of values is not even parsed', () => {
  expect(parse(`${'['.repeat(100)}${']'.repeat(100)}`)).toBeInstanceOf(Array);
  expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), 9)).toThrow(code('malformed_json', /not UTF-8/));
  expect(() => parse(`${'0,'.repeat(1200)}`)).toThrow(code('too_many_elements', /more values/));
});
