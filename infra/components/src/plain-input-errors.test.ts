import * as pulumi from '@pulumi/pulumi';
import { InputError } from '@repo/contract/input-error';
import { expect, test } from 'vitest';
import './plain-input-errors.ts';

test('the engine shows wrong input by its message, and defects still with their stack', () => {
  const wrong = new InputError({ path: 'stack', received: '"prd"', allowed: 'prod', action: 'correct it' });
  expect(pulumi.RunError.isInstance(wrong)).toBe(true);
  expect(pulumi.RunError.isInstance(new TypeError('defect'))).toBe(false);
  expect(wrong.message).toContain('stack: received "prd"');
});
