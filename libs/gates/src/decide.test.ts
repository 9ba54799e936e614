import { expect, test } from 'vitest';
import { decide } from './decide.ts';

const around = (lower: number, upper: number) => ({ estimate: (lower + upper) / 2, lower, upper });
const atMost = (at: number) => ({ good: 'at most', at }) as const;
const atLeast = (at: number) => ({ good: 'at least', at }) as const;

test('a whole interval on the good side passes, on the bad side fails, and one that holds the limit cannot tell', () => {
  expect(decide(around(0.1, 0.2), atMost(0.3))).toBe('pass');
  expect(decide(around(0.4, 0.5), atMost(0.3))).toBe('fail');
  expect(decide(around(0.2, 0.4), atMost(0.3))).toBe('inconclusive');
  expect(decide(around(0.4, 0.5), atLeast(0.3))).toBe('pass');
  expect(decide(around(0.1, 0.2), atLeast(0.3))).toBe('fail');
  expect(decide(around(0.2, 0.4), atLeast(0.3))).toBe('inconclusive');
});

test('the limit itself is good, and is bad where it must be passed', () => {
  for (const limit of [atMost(0), atLeast(0)]) {
    expect(decide(around(0, 0), limit)).toBe('pass');
    expect(decide(around(0, 0), limit, true)).toBe('fail');
  }
  expect(decide(around(0, 0.1), atLeast(0), true)).toBe('inconclusive');
  expect(decide(around(-0.1, 0), atLeast(0), true)).toBe('fail');
  expect(decide(around(-1e-8, 1e-8), atLeast(0), true)).toBe('fail');
});

test('what is not finite fails', () => {
  for (const bad of [Number.NaN, Infinity, -Infinity]) {
    expect(decide({ estimate: bad, lower: 0, upper: 1 }, atLeast(-1))).toBe('fail');
    expect(decide({ estimate: 0, lower: bad, upper: 1 }, atLeast(-1))).toBe('fail');
    expect(decide({ estimate: 0, lower: 0, upper: bad }, atLeast(-1))).toBe('fail');
    expect(decide(around(0, 1), atLeast(bad))).toBe('fail');
  }
});
