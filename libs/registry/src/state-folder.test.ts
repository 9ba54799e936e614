import { InputError } from '@repo/contract/input-error';
import { expect, test } from 'vitest';
import { stateFolder } from './state-folder.ts';

test.each([
  ['file:.causeway/state', '/work/.causeway/state'],
  ['file:/var/state', '/var/state'],
  ['file:///var/my%20state', '/var/my state'],
  ['file:..', '/'],
])('%s is a folder', (url, folder) => {
  expect(stateFolder(url, '/work')).toBe(folder);
});

test.each(['', '.causeway/state', 'file:', 's3://bucket/prefix', 'file://host/state', 'file:a\0b', 'FILE:x'])(
  '%j is refused, with the form that works',
  (url) => {
    expect(() => stateFolder(url, '/work')).toThrow(InputError);
    expect(() => stateFolder(url, '/work')).toThrow(/CAUSEWAY_STATE: .*file:<path>/);
  },
);
