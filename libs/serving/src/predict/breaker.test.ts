import { expect, test, vi } from 'vitest';
import { type FrozenTime, freezeTime } from '../fixtures/frozen-time.ts';
import { type Breaker, createBreaker } from './breaker.ts';

const fail = () => Promise.reject(new Error('no'));
const succeed = () => Promise.resolve('yes');
const open = { name: 'Error', message: expect.stringContaining('circuit') };

async function call(breaker: Breaker, times: number, work: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < times; i++) await breaker.run(work).catch(() => {});
}

function start(isFailure: (error: unknown) => boolean = () => true) {
  const onChange = vi.fn();
  return { breaker: createBreaker(onChange, isFailure), onChange };
}

const asked = async (breaker: Breaker): Promise<boolean> => {
  const work = vi.fn(succeed);
  await breaker.run(work).catch(() => {});
  return work.mock.calls.length > 0;
};

test('a breaker opens at 20 calls of which half failed, and then asks nobody', async () => {
  using _ = freezeTime();
  const { breaker, onChange } = start();
  await call(breaker, 10, succeed);
  await call(breaker, 9, fail);
  expect(onChange).not.toHaveBeenCalled();
  await call(breaker, 1, fail);
  expect(onChange.mock.calls).toEqual([[true]]);
  expect(await asked(breaker)).toBe(false);
});

test('19 failures are too few, and 20 of 41 calls too small a share', async () => {
  using _ = freezeTime();
  const few = start();
  await call(few.breaker, 19, fail);
  expect(await asked(few.breaker)).toBe(true);
  const small = start();
  await call(small.breaker, 21, succeed);
  await call(small.breaker, 20, fail);
  expect(await asked(small.breaker)).toBe(true);
});

test('failures count for 10 seconds, also when there were no calls in between', async () => {
  using time: FrozenTime = freezeTime();
  const { breaker, onChange } = start();
  await call(breaker, 19, fail);
  time.advance(10_000);
  await call(breaker, 1, fail);
  expect(onChange).not.toHaveBeenCalled();
  await call(breaker, 18, fail);
  time.advance(8_900);
  await call(breaker, 1, fail);
  expect(onChange.mock.calls).toEqual([[true]]);
});

test('after 10 seconds one call is let through, alone, and its success closes the breaker', async () => {
  using time = freezeTime();
  const { breaker, onChange } = start();
  await call(breaker, 20, fail);
  time.advance(9_999);
  expect(await asked(breaker)).toBe(false);
  time.advance(1);
  const probe = Promise.withResolvers<string>();
  const first = breaker.run(() => probe.promise);
  await expect(breaker.run(succeed)).rejects.toMatchObject(open);
  probe.resolve('yes');
  expect(await first).toBe('yes');
  expect(onChange.mock.calls).toEqual([[true], [false]]);
  await call(breaker, 1, fail);
  expect(await asked(breaker)).toBe(true);
});

test('a failure of the call that is let through keeps the breaker open for another 10 seconds', async () => {
  using time = freezeTime();
  const { breaker } = start();
  await call(breaker, 20, fail);
  time.advance(10_000);
  await call(breaker, 1, fail);
  time.advance(9_999);
  expect(await asked(breaker)).toBe(false);
  time.advance(1);
  expect(await asked(breaker)).toBe(true);
});

test('a call that is let through and ends without a verdict leaves it to the next, and closes nothing', async () => {
  using time = freezeTime();
  const { breaker, onChange } = start((error) => (error as Error).message === 'no');
  const leave = () => Promise.reject(new Error('left'));
  await call(breaker, 20, fail);
  time.advance(10_000);
  await expect(breaker.run(leave)).rejects.toThrow('left');
  await expect(breaker.run(leave)).rejects.toThrow('left');
  expect(onChange.mock.calls).toEqual([[true]]);
  await call(breaker, 1, fail);
  expect(await asked(breaker), 'the next was a verdict').toBe(false);
  time.advance(10_000);
  await expect(breaker.run(leave)).rejects.toThrow('left');
  expect(await breaker.run(succeed)).toBe('yes');
  expect(onChange.mock.calls).toEqual([[true], [false]]);
});

test('errors that are no failures pass through and count for nothing', async () => {
  using _ = freezeTime();
  const { breaker } = start((error) => (error as Error).message !== 'no');
  await expect(breaker.run(fail)).rejects.toThrow('no');
  await call(breaker, 40, fail);
  expect(await asked(breaker)).toBe(true);
});
