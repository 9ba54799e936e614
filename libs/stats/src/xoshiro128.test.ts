import { expect, test } from 'vitest';
import { createXoshiro128 } from './xoshiro128.ts';

test('state 1, 2, 3, 4 gives the outputs of the published C code', () => {
  const word = createXoshiro128([1, 2, 3, 4]);
  expect(Array.from({ length: 10 }, word)).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});
