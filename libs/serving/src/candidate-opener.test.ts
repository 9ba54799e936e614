import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { InputError } from '@repo/contract/input-error';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createCandidateOpener } from './candidate-opener.ts';
import { loadFailureOf } from './load-failure.ts';
import type { Candidate } from './load-target.ts';
import type { ServedModel, ServingOptions } from './served-model.ts';

const serving: ServingOptions = { workers: 1, hardTimeoutMs: 1000, maxQueueBytes: 1000, warn: () => {} };

/** An opener with a limit of 5 s on a clock that the test moves. */
function start() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  return createCandidateOpener(serving, 5000);
}

function modelOf(name = 'example') {
  const close = vi.fn(async () => {});
  return { name, close } as unknown as ServedModel & { close: typeof close };
}

/** A version whose opening ends when the test says so. */
function heldCandidate(version = '1', digest = 'sha256:1') {
  const opening = Promise.withResolvers<ServedModel>();
  let signal: AbortSignal | undefined;
  const open = vi.fn<Candidate['open']>((options) => {
    signal = options.signal;
    return opening.promise;
  });
  return { candidate: { version, digest, open }, open, opening, signal: () => signal };
}

const errorOf = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
const settled = () => vi.advanceTimersByTimeAsync(0);

test('a version that opens in time is opened, and one of another name is closed and refused', async () => {
  const opener = start();
  const sound = modelOf();
  const { candidate, opening, signal } = heldCandidate();
  opening.resolve(sound);
  expect(await opener.open('example', candidate)).toBe(sound);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(signal()?.aborted).toBe(false);
  const other = modelOf('other');
  const misnamed = heldCandidate('2', 'sha256:2');
  misnamed.opening.resolve(other);
  await expect(opener.open('example', misnamed.candidate)).rejects.toThrow(/contract\.json\.model: received other/);
  expect(other.close).toHaveBeenCalledOnce();
});

test('what is wrong with a version is thrown as it is', async () => {
  const { candidate, opening } = heldCandidate();
  const wrong = new InputError({ path: 'model.onnx', received: 'x', allowed: 'y', action: 'z' });
  opening.reject(wrong);
  await expect(start().open('example', candidate)).rejects.toBe(wrong);
});

test('a version that takes too long is given up at the limit, and told so', async () => {
  const opener = start();
  const { candidate, signal } = heldCandidate();
  const error = errorOf(opener.open('example', candidate));
  await vi.advanceTimersByTimeAsync(4999);
  expect(signal()?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(String(await error)).toMatch(
    /LOAD_TIMEOUT_MS: received example 1.*; allowed: a load within 5 s; find what is/,
  );
  expect(loadFailureOf(await error)).toBe('late');
  expect(signal()?.reason).toBe(await error);
});

test('bytes whose load was given up are not loaded again before it is over; what it opened by then is closed', async () => {
  const opener = start();
  const late = heldCandidate();
  const error = errorOf(opener.open('example', late.candidate));
  await vi.advanceTimersByTimeAsync(5000);
  await error;
  const again = heldCandidate();
  await expect(opener.open('example', again.candidate)).rejects.toThrow(/LOAD_TIMEOUT_MS/);
  expect(again.open).not.toHaveBeenCalled();
  const other = heldCandidate('1', 'sha256:2');
  other.opening.resolve(modelOf());
  await opener.open('example', other.candidate);
  const abandoned = modelOf();
  late.opening.resolve(abandoned);
  await settled();
  expect(abandoned.close).toHaveBeenCalledOnce();
  again.opening.resolve(modelOf());
  await opener.open('example', again.candidate);
});

test('closing gives up what is being opened, waits until it is over, and opens nothing more', async () => {
  const opener = start();
  const { candidate, opening, signal } = heldCandidate();
  const error = errorOf(opener.open('example', candidate));
  const over = vi.fn();
  const closing = opener.close().then(over);
  expect(String(await error)).toContain('leaving');
  expect(signal()?.aborted).toBe(true);
  await settled();
  expect(over).not.toHaveBeenCalled();
  const model = modelOf();
  opening.resolve(model);
  await closing;
  expect(model.close).toHaveBeenCalledOnce();
  await expect(opener.open('example', heldCandidate().candidate)).rejects.toThrow('leaving');
});

test('a version keeps none of those before it alive', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const opener = createCandidateOpener(serving, 5000);
  const candidateOf = (version: string): Candidate => ({
    version,
    digest: version,
    open: async (options) => ({ name: 'example', version, options }) as unknown as ServedModel,
  });
  /** Swaps as the loader does: what opens the next version knows the one that serves, and the next one keeps its options. */
  const swap = (serves: ServedModel, version: string): Promise<ServedModel> => {
    const openNext = async () => {
      const opened = await opener.open(serves.name, candidateOf(version));
      return opened.name === serves.name ? opened : serves;
    };
    return openNext();
  };
  const swapThrice = async () => {
    const first = { name: 'example' } as ServedModel;
    let serves = first;
    for (const version of ['1', '2', '3']) serves = await swap(serves, version);
    return { first: new WeakRef(first), serves };
  };
  const { first, serves } = await swapThrice();
  // A weak reference is strong until the end of the task that made it.
  await new Promise((resolve) => setTimeout(resolve, 1));
  collectGarbage();
  expect(first.deref()).toBeUndefined();
  expect(serves.version).toBe('3');
});
