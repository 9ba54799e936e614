import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainRefusal } from './explain-refusal.ts';

function refused(path: string): unknown {
  try {
    writeFileSync(path, '');
  } catch (error) {
    return error;
  }
  throw new RangeError(`${path} was written`);
}

test('what the operating system refuses is told with its place and a remedy', () => {
  expect(explainRefusal(refused('/dev/null/file'))?.message).toBe(
    'file system: received ENOTDIR at "/dev/null/file"; allowed: a workspace that can be read and written; move the file that stands where a folder belongs',
  );
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  expect(explainRefusal(full)?.message).toContain('received ENOSPC at write; ');
});

test.each([
  ['a missing file', refused('/nowhere/at/all')],
  ['a defect', new TypeError('x is not a function')],
  ['a code that is not the system’s', Object.assign(new Error('no'), { code: 'EACCES' })],
  ['nothing', undefined],
])('%s is not explained away', (_, error) => {
  expect(explainRefusal(error)).toBeNull();
});
