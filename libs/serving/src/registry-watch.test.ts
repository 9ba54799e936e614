import { InputError } from '@repo/contract/input-error';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRegistryWatch } from './registry-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const about = (path: string) => new InputError({ path, received: 'x', allowed: 'y', action: 'z' });
const failing = (error: Error) => () => Promise.reject(error);

test('what is wrong with the registry is no answer, what is wrong with a model is thrown', async () => {
  const changes: (string | null)[] = [];
  const watch = createRegistryWatch((away) => changes.push(away));
  expect(await watch.ask(async () => 7)).toEqual({ value: 7 });
  await expect(watch.ask(failing(about('model.onnx')))).rejects.toThrow('model.onnx');
  expect(watch.away()).toBeNull();
  expect(await watch.ask(failing(about('CAUSEWAY_STATE')))).toBeNull();
  expect(await watch.ask(failing(new Error('socket hang up')))).toBeNull();
  expect(watch.away()).toBe('socket hang up');
  expect(await watch.ask(async () => 8)).toEqual({ value: 8 });
  expect(changes).toEqual([expect.stringMatching(/^CAUSEWAY_STATE/), null]);
});

test('silence is an end to waiting, and nobody is asked again for a while', async () => {
  const watch = createRegistryWatch(() => {});
  const silent = watch.ask(() => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await silent).toBeNull();
  expect(watch.away()).toBe('no answer within 10 s');
  const question = vi.fn(async () => 7);
  expect(await watch.ask(question)).toBeNull();
  expect(question).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(5000);
  expect(await watch.ask(question)).toEqual({ value: 7 });
});

test('a registry that fails slowly is not asked again for a while, one that fails at once is', async () => {
  const watch = createRegistryWatch(() => {});
  const question = vi.fn(async () => 7);
  expect(await watch.ask(failing(new Error('connect ECONNREFUSED')))).toBeNull();
  expect(await watch.ask(question)).toEqual({ value: 7 });
  const slow = watch.ask(() => new Promise((_, reject) => setTimeout(reject, 6000, new Error('connect ETIMEDOUT'))));
  await vi.advanceTimersByTimeAsync(6000);
  expect(await slow).toBeNull();
  expect(await watch.ask(question)).toBeNull();
  expect([watch.away(), question.mock.calls.length]).toEqual(['connect ETIMEDOUT', 1]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await watch.ask(question)).toEqual({ value: 7 });
});
