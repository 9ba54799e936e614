import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { isPulumiProgram, modelsReadBy, pulumiTargets } from './pulumi-program.ts';

/**
 * The project of a folder with a package.json: `typecheck`, `test` where a test lies in it, and what a Pulumi program can do. Nx takes its name
 * from package.json.
 */
export function packageProject(workspaceRoot: string, root: string): ProjectConfiguration {
  const folder = join(workspaceRoot, root);
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string };
  const targets: Record<string, TargetConfiguration> = {
    typecheck: {
      executor: 'nx:run-commands',
      options: { command: `tsc -b ${root}` },
      cache: true,
      dependsOn: ['^typecheck'],
      inputs: ['default', '^production'],
      outputs: ['{projectRoot}/dist/types'],
    },
  };
  const tests = globSync('**/*.test.ts', { cwd: folder, exclude: ['**/node_modules/**', 'dist/**'] });
  if (tests.length > 0) {
    targets.test = {
      executor: 'nx:run-commands',
      // The second is what vitest.config.ts keeps apart of a package.
      options: { command: `vitest run --project "${name}" --project "${name}:*"` },
      cache: true,
      inputs: testInputs(root),
    };
  }
  const project: ProjectConfiguration = { root, tags: [`layer:${root.split('/')[0]}`], targets };
  if (!isPulumiProgram(folder)) return project;
  Object.assign(targets, pulumiTargets(root));
  return { ...project, implicitDependencies: modelsReadBy(workspaceRoot, folder) };
}

/** The project `test` judges the whole workspace; a test beside other code may read the catalogue and the models besides its own. */
function testInputs(root: string): string[] {
  if (root === 'test') return ['{workspaceRoot}/**/*', 'toolchain'];
  return ['default', '^production', '{workspaceRoot}/features/**/*', '{workspaceRoot}/models/**/*'];
}
