import { gateLimits } from '@repo/contract/gate-limit';
import type { Model } from '@repo/contract/model';
import { quickBoosting, smallModel } from '@repo/training/fixtures/small-world';
import { expect, test } from 'vitest';
import { limitCheck } from './limit-check.ts';

const model = smallModel(quickBoosting);
const relaxed: Model = { ...model, gates: { ...model.gates, limits: { loadMs: { at: 800, reason: 'large' } } } };
const outcome = (value: number, interval?: readonly [number, number]) =>
  limitCheck(model, 'loadMs', { value, detail: '', ...(interval === undefined ? {} : { interval }) }).outcome;

test('an exact number passes up to the limit and fails beyond, also when it is no number', () => {
  const at = gateLimits.loadMs.at;
  expect([at, at + 1e-9, Number.NaN, Infinity].map((value) => outcome(value))).toEqual([
    'pass',
    'fail',
    'fail',
    'fail',
  ]);
});

test('an estimate is decided by its whole interval', () => {
  expect(outcome(450, [400, 500])).toBe('pass');
  expect(outcome(450, [400, 501])).toBe('inconclusive');
  expect(outcome(600, [501, 700])).toBe('fail');
});

test('the definition moves a limit, and the check says where it stood', () => {
  expect(limitCheck(relaxed, 'loadMs', { value: 700, detail: 'd' })).toEqual({
    name: 'time to load the model',
    outcome: 'pass',
    value: 700,
    interval: null,
    limit: { good: 'at most', at: 800 },
    unit: 'ms',
    detail: 'd',
  });
});

test('where more is better the lower side fails', () => {
  const found = (value: number) => limitCheck(model, 'testRows', { value, detail: '' }).outcome;
  expect([found(1000), found(999)]).toEqual(['pass', 'fail']);
});
