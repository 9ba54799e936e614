import { expect, test } from 'vitest';
import { createRecentLines } from './recent-lines.ts';

const chunkOf = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

test('a page goes on where the one before ended, through the middle of what was kept at once', () => {
  const recent = createRecentLines();
  recent.keep(chunkOf('1', '2', '3'), 3);
  recent.keep(chunkOf('4'), 1);
  const first = recent.page(null, 2);
  expect(first.lines).toEqual(['1', '2']);
  const second = recent.page(first.next, 10);
  expect(second.lines).toEqual(['3', '4']);
  expect(recent.page(second.next, 10)).toEqual({ lines: [], next: second.next });
  recent.keep(chunkOf('5'), 1);
  expect(recent.page(second.next, 10).lines).toEqual(['5']);
});

test('the oldest go when there are too many or too much, and a reader who was too late goes on with what is left', () => {
  const few = createRecentLines({ maxEvents: 2 });
  const { next } = few.page(null, 1);
  for (const line of ['1', '2', '3']) few.keep(chunkOf(line), 1);
  expect(few.page(next, 10).lines).toEqual(['2', '3']);
  const small = createRecentLines({ maxBytes: 4 });
  for (const line of ['1', '2', '3']) small.keep(chunkOf(line), 1);
  expect(small.page(null, 10).lines).toEqual(['2', '3']);
  small.keep(chunkOf('too large to keep'), 1);
  expect(small.page(null, 10).lines).toEqual([]);
});

test.each(['', 'x', 'other.1', 'other.-1'])('the cursor %j of nobody here begins with the oldest', (cursor) => {
  const recent = createRecentLines();
  recent.keep(chunkOf('1', '2'), 2);
  expect(recent.page(cursor, 10).lines).toEqual(['1', '2']);
});

test('a page of large events ends early, and the next has the rest', () => {
  const recent = createRecentLines();
  const large = 'x'.repeat(1.5 * 2 ** 20);
  recent.keep(chunkOf(large, large), 2);
  const page = recent.page(null, 10);
  expect(page.lines).toHaveLength(1);
  expect(recent.page(page.next, 10).lines).toHaveLength(1);
});
