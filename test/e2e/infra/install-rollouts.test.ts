import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { platformCharts } from '@repo/components/platform-charts';
import { sha256 } from '@repo/contract/canonical-json';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { installRollouts } from './install-rollouts.ts';

const archive = new TextEncoder().encode('a chart');
vi.mock(import('@repo/components/platform-charts'), async (original) => {
  const { platformCharts, ...rest } = await original();
  const { createHash } = await import('node:crypto');
  const rollouts = { ...platformCharts.rollouts, sha256: createHash('sha256').update('a chart').digest('hex') };
  return { ...rest, platformCharts: { ...platformCharts, rollouts } };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helm-'));
  // As the real one it reads its values; it keeps what it was given.
  const script = `echo "$*" > ${folder}/args\ncat > ${folder}/values\ncp "$4" ${folder}/chart\n`;
  writeFileSync(join(folder, 'helm'), `#!/bin/sh\n${script}`, { mode: 0o755 });
  vi.stubEnv('PATH', [folder, process.env.PATH].join(delimiter));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});
const given = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('helm is given the archive that was looked at, and the values of the platform', async () => {
  const asked: string[] = [];
  await installRollouts(async (url) => {
    asked.push(url);
    return archive;
  });
  expect(asked).toEqual([platformCharts.rollouts.url]);
  expect(sha256(given('chart'))).toBe(platformCharts.rollouts.sha256);
  expect(given('args')).toMatch(/^upgrade --install argo-rollouts \S+ --namespace argo-rollouts .*--wait /);
  expect(JSON.parse(given('values'))).toEqual(platformCharts.rollouts.values);
});

test('another archive is not installed', async () => {
  const other = new TextEncoder().encode('another chart');
  await expect(installRollouts(async () => other)).rejects.toThrow(
    /allowed: the archive with SHA-256 .*do not install it/,
  );
  expect(() => given('args')).toThrow(/ENOENT/);
});

test('where helm fails or is not there, that is the error', async () => {
  writeFileSync(join(folder, 'helm'), '#!/bin/sh\ncat > /dev/null\nexit 4\n', { mode: 0o755 });
  await expect(installRollouts(async () => archive)).rejects.toThrow(/^helm upgrade .*exit code 4/);
  vi.stubEnv('PATH', '/nowhere');
  await expect(installRollouts(async () => archive)).rejects.toThrow(/^helm upgrade .*ENOENT/);
});
