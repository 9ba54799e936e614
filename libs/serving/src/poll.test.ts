import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPoll } from './poll.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the work is repeated after so long, a fifth of which is random', async () => {
  const work = vi.fn(async () => {});
  const poll = createPoll(1000, work, () => 1);
  await vi.advanceTimersByTimeAsync(1099);
  expect(work).toHaveBeenCalledTimes(0);
  await vi.advanceTimersByTimeAsync(1 + 2 * 1100);
  expect(work).toHaveBeenCalledTimes(3);
  await poll.stop();
  const soon = createPoll(1000, work, () => 0);
  await vi.advanceTimersByTimeAsync(900);
  expect(work).toHaveBeenCalledTimes(4);
  await soon.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(work).toHaveBeenCalledTimes(4);
});

test('work that takes long is never begun twice, and stopping waits for it', async () => {
  const done = Promise.withResolvers<void>();
  const work = vi.fn(() => done.promise);
  const poll = createPoll(10, work);
  await vi.advanceTimersByTimeAsync(1000);
  expect(work).toHaveBeenCalledTimes(1);
  const stopped = vi.fn();
  const stopping = poll.stop().then(stopped);
  await vi.advanceTimersByTimeAsync(1000);
  expect(stopped).not.toHaveBeenCalled();
  done.resolve();
  await stopping;
  await vi.advanceTimersByTimeAsync(1000);
  expect(work).toHaveBeenCalledTimes(1);
});

test('0 never', async () => {
  const work = vi.fn(async () => {});
  const poll = createPoll(0, work);
  await vi.advanceTimersByTimeAsync(1e6);
  expect(work).not.toHaveBeenCalled();
  await poll.stop();
});
