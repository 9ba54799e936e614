import { expect, test } from 'vitest';
import { librariesIn, sharedLibraries } from './shared-libraries.ts';

test('files are read from the output of ldd, and what the kernel brings is none', () => {
  const output = `
\tlinux-vdso.so.1 (0x00007fd0cfcbf000)
\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007fd0cf920000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007fd0cfcc1000)
`;
  expect(librariesIn(output)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2']);
});

test('a library that is missing is an error and not left out', () => {
  expect(() => librariesIn('\tlibstdc++.so.6 => not found\n')).toThrow('libstdc++.so.6 => not found');
});

test('Node loads the C library and its loader', () => {
  const libraries = sharedLibraries([process.execPath]).join(' ');
  expect(libraries).toMatch(/libc\.so\.6/);
  expect(libraries).toMatch(/ld-linux/);
});
