import { expect, test } from 'vitest';
import { createPollBackoff } from './poll-backoff.ts';

/** The polls of the first so many at which it is tried, when every attempt fails. */
function attempts(polls: number): number[] {
  const again = createPollBackoff();
  again.failed('example', 'key');
  const tried: number[] = [];
  for (let poll = 1; poll <= polls; poll++) {
    if (again.next('example', 'key') !== 'try') continue;
    tried.push(poll);
    again.failed('example', 'key');
  }
  return tried;
}

test('what fails again and again is tried at the next poll, then ever less often, but at every 16th', () => {
  expect(attempts(80)).toEqual([1, 3, 7, 15, 31, 47, 63, 79]);
});

test('what changed, or was forgotten, is nothing that waits', () => {
  const again = createPollBackoff();
  expect(again.next('example', 'key')).toBe('nothing');
  again.failed('example', 'key');
  again.failed('example', 'key');
  expect([again.next('example', 'other'), again.has('example')]).toEqual(['nothing', true]);
  again.failed('example', 'other');
  expect(again.next('example', 'other')).toBe('try');
  again.forget('example');
  expect([again.next('example', 'other'), again.has('example')]).toEqual(['nothing', false]);
});
