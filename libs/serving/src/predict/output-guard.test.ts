import { expect, test, vi } from 'vitest';
import { exampleContract } from '../fixtures/example-bundle.ts';
import { checkOutput, createConstantGuard } from './output-guard.ts';

const [binary, regression] = [exampleContract('example'), exampleContract('example', 'regression')];

test.each([
  { value: Number.NaN, guard: 'not_finite', code: 'output_not_finite' },
  { value: Number.POSITIVE_INFINITY, guard: 'not_finite', code: 'output_not_finite' },
  { value: -0.001, guard: 'out_of_range', code: 'inference_failed' },
  { value: 1.001, guard: 'out_of_range', code: 'inference_failed' },
])('a probability of $value is refused as $guard', ({ value, guard, code }) => {
  const error = expect.objectContaining({ guard, code, message: expect.stringContaining(`received ${value}`) });
  expect(() => checkOutput(binary, value)).toThrow(error);
});

test('probabilities from 0 to 1 pass, and so does any finite number of a regression', () => {
  expect([0, 0.5, 1].map((value) => checkOutput(binary, value))).toEqual([0, 0.5, 1]);
  expect(checkOutput(regression, -40)).toBe(-40);
  expect(() => checkOutput(regression, Number.NaN)).toThrow(expect.objectContaining({ guard: 'not_finite' }));
});

function answers(rows: number, row: (i: number) => number[], value: (i: number) => number): number {
  const onConstant = vi.fn();
  const watch = createConstantGuard(onConstant);
  for (let i = 0; i < rows; i++) watch(row(i), value(i));
  return onConstant.mock.calls.length;
}

test('the same answer to 200 rows that differ is constant, and again at every 200 more', () => {
  const differing = (i: number) => [i, Number.NaN];
  expect(answers(199, differing, () => 0.5)).toBe(0);
  expect(answers(200, differing, () => 0.5)).toBe(1);
  expect(answers(400, differing, () => 0.5)).toBe(2);
});

test('the same row again and again is nothing to wonder at, nor is one other answer in between', () => {
  expect(
    answers(
      400,
      () => [1, Number.NaN],
      () => 0.5,
    ),
  ).toBe(0);
  expect(
    answers(
      398,
      (i) => [i],
      (i) => (i === 199 ? 0.4 : 0.5),
    ),
  ).toBe(0);
});
