import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const program = new URL('./verify-image.ts', import.meta.url).pathname;
const image = 'ghcr.io/shop/causeway-inference';
const digest = `sha256:${'0a'.repeat(32)}`;
let folder: string;

/** Runs it with a stand-in for gh that notes what it was asked and ends with this code. */
function verify(code: number, ...given: string[]): { status: number | null; stdout: string; stderr: string } {
  const script = `#!/bin/sh\necho "$*" > ${folder}/asked\necho "says gh" >&2\nexit ${code}\n`;
  writeFileSync(join(folder, 'gh'), script, { mode: 0o755 });
  const args = given.length > 0 ? given : ['--image', image, '--digest', digest, '--repository', 'bot/shop'];
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: { PATH: folder } });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gh-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('an image passes that gh finds to be built by build-image.yml of this repository from main, on a machine of GitHub', () => {
  expect(verify(0)).toMatchObject({ status: 0, stdout: expect.stringContaining(`${image}@${digest} was built by`) });
  expect(readFileSync(join(folder, 'asked'), 'utf8').trim()).toBe(
    [
      `attestation verify oci://${image}@${digest}`,
      '--repo bot/shop --signer-workflow bot/shop/.github/workflows/build-image.yml',
      '--source-ref refs/heads/main --deny-self-hosted-runners',
    ].join(' '),
  );
});

test.each([1, 4])('an image does not pass when gh ends with %i, and what gh said is shown', (code) => {
  const { status, stderr } = verify(code);
  expect(status).toBe(1);
  expect(stderr).toMatch(/says gh[\s\S]*exit code \d\); allowed: one that .*build-image.yml of bot\/shop/);
});

test('without gh nothing passes', () => {
  const args = ['--image', image, '--digest', digest, '--repository', 'bot/shop'];
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { PATH: '/nowhere' },
  });
  expect(status).toBe(1);
  expect(stderr).toContain('ENOENT');
});

test.each([
  ['no digest', ['--image', image, '--repository', 'bot/shop']],
  ['a tag', ['--image', `${image}:1`, '--digest', digest, '--repository', 'bot/shop']],
  ['a digest that is none', ['--image', image, '--digest', 'sha256:aa', '--repository', 'bot/shop']],
  ['a repository that would be an option', ['--image', image, '--digest', digest, '--repository', '--owner']],
])('%s is wrong use, and gh is not asked', (_, args) => {
  expect(verify(0, ...args).status).not.toBe(0);
  expect(existsSync(join(folder, 'asked'))).toBe(false);
});
