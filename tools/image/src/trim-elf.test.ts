import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { trimElf } from './trim-elf.ts';

test('what is trimmed is smaller and still runs, threads and all', () => {
  const dir = mkdtempSync(join(tmpdir(), 'trim-elf-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const whole = readFileSync(process.execPath);
  const trimmed = trimElf(whole);
  expect(trimmed.length).toBeLessThan(whole.length);
  const program = join(dir, 'node');
  writeFileSync(program, trimmed, { mode: 0o755 });
  const script = "new (require('node:worker_threads').Worker)('console.log(process.version)', { eval: true })";
  expect(execFileSync(program, ['-e', script], { encoding: 'utf8' })).toBe(`${process.version}\n`);
});

test('what is no program for Linux x64 is refused', () => {
  expect(() => trimElf(new Uint8Array(10))).toThrow('received no ELF file');
  expect(() => trimElf(new Uint8Array(64))).toThrow('received no ELF file');
});
