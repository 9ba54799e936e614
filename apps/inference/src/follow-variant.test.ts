import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { followVariant } from './follow-variant.ts';

function variantFile(text: string | null): string {
  const dir = mkdtempSync(join(tmpdir(), 'variant-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'variant');
  if (text !== null) writeFileSync(path, text);
  return path;
}

test('a canary that is promoted is stable within ten seconds of its file', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const path = variantFile('canary\n');
  const variant = followVariant(path, 'stable');
  expect(variant()).toBe('canary');
  writeFileSync(path, 'stable');
  vi.advanceTimersByTime(10_000);
  await expect.poll(variant).toBe('stable');
});

test.each([null, '', 'No Name!'])('a file with %j in it leaves what VARIANT says', (text) => {
  expect(followVariant(variantFile(text), 'blue')()).toBe('blue');
});
