import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitSections, type Section } from './fit-sections.ts';

/** A part that needs as many bytes as it has characters, and nothing less. */
const rigid = (priority: number, text: string): Section => ({
  priority,
  render: (room) => (text.length <= room ? text : null),
});

test('parts stand in their order, whoever was asked first', () => {
  expect(fitSections([rigid(2, 'a'), rigid(0, 'b'), rigid(1, ''), rigid(3, 'c')], 1000)).toBe('a\n\nb\n\nc');
});

test('the most important part gets the room, and the last line counts the others', () => {
  const long = 'x'.repeat(100);
  expect(fitSections([rigid(1, long), rigid(0, 'verdict'), rigid(2, long)], 200)).toBe(
    `${long}\n\nverdict\n\nLeft out for want of room: 1 part; see report.json.`,
  );
});

test('however large the parts, they keep within the length, the note included', () => {
  const part = fc.record({ priority: fc.integer({ min: 0, max: 9 }), length: fc.integer({ min: 0, max: 400 }) });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 100, max: 2000 }), (parts, maxBytes) => {
      const text = fitSections(
        parts.map(({ priority, length }) => rigid(priority, 'x'.repeat(length))),
        maxBytes,
      );
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
    }),
    { numRuns: 2000 },
  );
});
