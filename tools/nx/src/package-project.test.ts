import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { packageProject } from './package-project.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('a package is typechecked, and tested where it has tests', () => {
  const { targets } = packageProject(root, 'tools/nx');
  expect(targets?.typecheck).toMatchObject({ options: { command: 'tsc -b tools/nx' }, cache: true });
  expect(targets?.test).toMatchObject({
    options: { command: 'vitest run --project "@repo/nx" --project "@repo/nx:*"' },
    cache: true,
  });
});

test('tests that judge the whole workspace are cached by the whole workspace', () => {
  expect(packageProject(root, 'test').targets?.test?.inputs).toContain('{workspaceRoot}/**/*');
});
