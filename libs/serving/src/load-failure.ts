import { InputError } from '@repo/contract/input-error';

/**
 * Why a version is not open. `damaged`: its bytes are wrong, and will be until they change. `late`: it was not warm in time.
 * `unavailable`: something else was in the way, such as the registry or the disk, that may pass.
 */
export const LoadFailure = { damaged: 'damaged', late: 'late', unavailable: 'unavailable' } as const;
export type LoadFailure = (typeof LoadFailure)[keyof typeof LoadFailure];

const timeLimit = 'environment.LOAD_TIMEOUT_MS';

/** The error of a version that was not open after `limitMs`; `received` says what it did instead. */
export function lateLoad(received: string, limitMs: number): InputError {
  const action = 'find what is slow, or raise LOAD_TIMEOUT_MS; it is tried again now and then';
  return new InputError({ path: timeLimit, received, allowed: `a load within ${limitMs / 1000} s`, action });
}

/** What kind of failure an error of finding or opening a version is. */
export function loadFailureOf(error: unknown): LoadFailure {
  if (!(error instanceof InputError)) return LoadFailure.unavailable;
  const paths = error.problems.map(({ path }) => path);
  if (paths.includes(timeLimit)) return LoadFailure.late;
  return paths.includes('CAUSEWAY_STATE') ? LoadFailure.unavailable : LoadFailure.damaged;
}
