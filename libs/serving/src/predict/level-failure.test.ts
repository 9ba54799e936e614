import type { ErrorCode } from '@repo/contract/error-catalogue';
import { ServiceError } from '@repo/contract/service-error';
import { expect, test } from 'vitest';
import { CallerLeft } from '../caller-left.ts';
import { isLevelFailure, LevelUnfit } from './level-failure.ts';

const refused = (code: ErrorCode) => new ServiceError(code, { path: 'example', received: 'x' });

test('what a level failed at speaks against it, also what nobody expected', () => {
  for (const code of ['inference_failed', 'worker_lost', 'deadline_exceeded', 'output_not_finite'] as const) {
    expect(isLevelFailure(refused(code))).toBe(true);
  }
  expect(isLevelFailure(new TypeError('unexpected'))).toBe(true);
});

test('what it was too busy for, was not asked, or does not take does not', () => {
  for (const code of ['queue_full', 'overloaded', 'invalid_request', 'cutoff_before_data'] as const) {
    expect(isLevelFailure(refused(code))).toBe(false);
  }
  expect(isLevelFailure(new CallerLeft())).toBe(false);
  expect(isLevelFailure(new LevelUnfit('not_loaded'))).toBe(false);
});
