import { expect, test } from 'vitest';
import { table } from './table.ts';

test('columns stand apart by two spaces, numbers to the right, and no colour or trailing space is in it', () => {
  expect(
    table(
      ['view', 'entities'],
      [
        ['plane', 3322],
        ['weather-at-origin', 3],
      ],
    ),
  ).toBe(['view               entities', 'plane                  3322', 'weather-at-origin         3'].join('\n'));
});
