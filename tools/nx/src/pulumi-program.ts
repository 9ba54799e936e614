import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';

/** Whether a folder is a Pulumi program. */
export const isPulumiProgram = (folder: string): boolean => existsSync(join(folder, 'Pulumi.yaml'));

const select = (root: string): string => `pulumi -C ${root} stack select --create {args.stack}`;

/**
 * Targets `preview`, `up` and `destroy` of a program; each takes `--stack`. A program goes up after those whose outputs it reads.
 * Nothing is cached: what stands in the world is no output of the code.
 */
export function pulumiTargets(root: string): Record<string, TargetConfiguration> {
  const target = (command: string, dependsOn: NonNullable<TargetConfiguration['dependsOn']>): TargetConfiguration => ({
    executor: 'nx:run-commands',
    options: { commands: [select(root), command], parallel: false, forwardAllArgs: false },
    dependsOn,
  });
  const stack = '--stack {args.stack} --non-interactive';
  return {
    preview: target(`pulumi -C ${root} preview ${stack} --diff`, []),
    up: target(`pulumi -C ${root} up ${stack} --yes --skip-preview`, [
      { dependencies: true, target: 'up', params: 'forward' },
    ]),
    destroy: target(`pulumi -C ${root} destroy ${stack} --yes`, []),
  };
}
