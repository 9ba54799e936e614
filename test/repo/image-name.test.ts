import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { workflowFiles } from './workflow-files.ts';
import { readWorkspace } from './workspace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const image = workflowFiles(readWorkspace(root, [], [])).find(({ path }) => path === '.github/workflows/image.yml');
const script = new Map(image?.jobs).get('name')?.steps?.[0]?.run ?? '';

test('an image of main is named for the owner of the repository, without the capitals that no registry takes', () => {
  // GitHub starts bash with these options.
  const { stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    env: { PATH: process.env.PATH, GITHUB_OUTPUT: '/dev/null', GITHUB_REPOSITORY_OWNER: 'Some-Shop' },
    encoding: 'utf8',
  });
  expect(stdout).toBe('image=ghcr.io/some-shop/causeway-inference\n');
});
