import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';

/**
 * Target `test` of a folder of the catalogue or of a model, or none where no test lies in it. Such tests may read the catalogue, the
 * models and `@repo/contract` (test/repo/layers.ts), so that these are what they depend on.
 */
export function catalogueTest(workspaceRoot: string, root: string): Record<string, TargetConfiguration> {
  if (globSync('**/*.test.ts', { cwd: join(workspaceRoot, root) }).length === 0) return {};
  const test: TargetConfiguration = {
    executor: 'nx:run-commands',
    options: { command: `vitest run --project catalogue ${root}/` },
    cache: true,
    inputs: [
      '{workspaceRoot}/features/**/*',
      '{workspaceRoot}/models/**/*',
      { input: 'production', projects: ['@repo/contract'] },
      'toolchain',
    ],
  };
  return { test };
}
