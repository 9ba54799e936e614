import { expect, test } from 'vitest';
import { oncePer } from './once-per.ts';

test('an object is asked about once, another of the same content for itself', () => {
  let asked = 0;
  const sizeOf = oncePer((rows: readonly number[]) => {
    asked += 1;
    return rows.length === 0 ? undefined : rows.length;
  });
  const [some, none] = [[1, 2], []];
  expect([sizeOf(some), sizeOf(some), sizeOf([1, 2])]).toEqual([2, 2, 2]);
  expect([sizeOf(none), sizeOf(none)]).toEqual([undefined, undefined]);
  expect(asked).toBe(3);
});

test('what threw is tried again', () => {
  const tables = {};
  let tries = 0;
  const fit = oncePer(() => {
    tries += 1;
    if (tries === 1) throw new RangeError('no rows');
    return tries;
  });
  expect(() => fit(tables)).toThrow('no rows');
  expect(fit(tables)).toBe(2);
});
