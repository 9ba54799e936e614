import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { workflowFiles } from './workflow-files.ts';
import { readWorkspace } from './workspace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const image = workflowFiles(readWorkspace(root, [], [])).find(({ path }) => path === '.github/workflows/image.yml');
const script = new Map(image?.jobs).get('name')?.steps?.[0]?.run ?? '';

/** What the job says to those that need it; GitHub starts bash with these options. */
function nameFor(env: { IMAGE: string; GITHUB_REPOSITORY_OWNER: string }): string {
  const options = { env: { PATH: process.env.PATH, GITHUB_OUTPUT: '/dev/null', ...env }, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], options);
  return stdout + stderr;
}

test('an image of main is named for the owner of the repository, without the capitals that no registry takes', () => {
  expect(nameFor({ IMAGE: '', GITHUB_REPOSITORY_OWNER: 'Some-Shop' })).toBe(
    'image=ghcr.io/some-shop/causeway-inference\n',
  );
});

test('a variable of the repository names another registry', () => {
  const name = '111111111111.dkr.ecr.eu-central-1.amazonaws.com/causeway-dev-inference';
  expect(nameFor({ IMAGE: name, GITHUB_REPOSITORY_OWNER: 'shop' })).toBe(`image=${name}\n`);
});
