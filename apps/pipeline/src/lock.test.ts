import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(top, { recursive: true }));

const never = () => {
  throw new RangeError('there was nobody to wait for');
};

test('those who share a lock work one after the other, and each who waits says so once', async () => {
  const path = join(top, 'locks', 'one');
  let inside = 0;
  let waits = 0;
  const work = async () => {
    inside += 1;
    await setTimeout(120);
    return inside--;
  };
  const all = await Promise.all([1, 2, 3].map(() => withLock(path, () => (waits += 1), work)));
  expect({ all, waits }).toEqual({ all: [1, 1, 1], waits: 2 });
});

test('work that fails gives the lock back', async () => {
  const path = join(top, 'one');
  await expect(withLock(path, never, () => Promise.reject(new TypeError('no')))).rejects.toThrow(TypeError);
  expect(await withLock(path, never, async () => 'next')).toBe('next');
});

test('a lock of a process that was killed is free', async () => {
  const path = join(top, 'one');
  const script = `
    const { withLock } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url).href)});
    const hold = (resolve) => console.log('held', setTimeout(resolve, 60_000) !== null);
    await withLock(${JSON.stringify(path)}, () => {}, () => new Promise(hold));`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(holder.stdout, 'data');
    const next = withLock(
      path,
      () => holder.kill('SIGKILL'),
      async () => holder.killed,
    );
    expect(await next).toBe(true);
  } finally {
    holder.kill('SIGKILL');
  }
});

test('a file that is no lock, and a place that cannot be opened, are refused', async () => {
  const path = join(top, 'one');
  writeFileSync(path, 'something else, and long enough that SQLite looks at it: '.repeat(20));
  await expect(withLock(path, never, async () => 1)).rejects.toThrow(/^lock: received ".*"[^;]*; allowed: /);
  await expect(withLock(top, never, async () => 1)).rejects.toThrow(/^lock: received ".*"[^;]*; allowed: /);
});
