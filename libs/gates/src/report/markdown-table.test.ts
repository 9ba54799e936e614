import fc from 'fast-check';
import { expect, test } from 'vitest';
import { code, markdownTable } from './markdown-table.ts';

const rows = fc.array(fc.tuple(fc.string({ maxLength: 30 }), fc.constantFrom('a', '|', '@b', 'ж'.repeat(40))), {
  maxLength: 20,
});

test('text is escaped, our own Markdown is not', () => {
  expect(markdownTable(['a|b', 'c'], [['*x*', code('gate')]], { maxBytes: 1000 })).toBe(
    '| a&#124;b | c |\n| --- | --- |\n| &#42;x&#42; | `gate` |',
  );
});

test('what does not fit is left out by whole rows, and counted', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 1500 }), (cells, maxBytes) => {
      const whole = markdownTable(['h', 'k'], cells, { maxBytes: 1_000_000 }) as string;
      const table = markdownTable(['h', 'k'], cells, { maxBytes });
      if (Buffer.byteLength(whole) <= maxBytes) expect(table ?? whole).toBe(whole);
      if (table === null || table === whole) return;
      expect(Buffer.byteLength(table)).toBeLessThanOrEqual(maxBytes);
      const [shown, note] = table.split('\n\n') as [string, string];
      expect(whole.startsWith(`${shown}\n`)).toBe(true);
      const left = cells.length - (shown.split('\n').length - 2);
      expect(note).toBe(`${left} of ${cells.length} rows left out; the whole table is in report.json.`);
    }),
    { numRuns: 500 },
  );
});

test('a table that has no room for one row is none', () => {
  expect(markdownTable(['h'], [['x'.repeat(300)], ['y']], { maxBytes: 200 })).toBeNull();
  expect(markdownTable(['h'], [], { maxBytes: 5 })).toBeNull();
});
