import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';

/** Whether a folder is a Pulumi program. */
export const isPulumiProgram = (folder: string): boolean => existsSync(join(folder, 'Pulumi.yaml'));

/**
 * Names of the models that a program declares something for: all of them, where its tsconfig.json refers to them. It finds them by their
 * folders, so that no package.json says so.
 */
export function modelsReadBy(workspaceRoot: string, folder: string): string[] {
  const tsconfig = join(folder, 'tsconfig.json');
  if (!existsSync(tsconfig)) return [];
  const { references = [] } = JSON.parse(readFileSync(tsconfig, 'utf8')) as { references?: { path: string }[] };
  if (!references.some(({ path }) => join(folder, path) === join(workspaceRoot, 'models'))) return [];
  return globSync('models/*/model.ts', { cwd: workspaceRoot })
    .map((path) => basename(dirname(path)))
    .sort();
}

/** The one program that promises the way to the cluster. */
const withKubeconfig = 'infra/cluster';

const select = (root: string): string => `pulumi -C ${root} stack select --create {args.stack}`;

/**
 * Targets `preview`, `up` and `destroy` of a program; each takes `--stack`, the first two also `"--config=-c <key>=<value>"` for what no file
 * holds, and a plan: `"--plan=--save-plan <file>"` keeps what a preview has shown, and `"--plan=--plan <file>"` lets an `up` do that and nothing
 * else. A program goes up after those whose outputs it reads. `kubeconfig` of the cluster writes `.causeway/kubeconfig`, for nobody else to read.
 * Nothing is cached: what stands in the world is no output of the code.
 */
export function pulumiTargets(root: string): Record<string, TargetConfiguration> {
  const target = (command: string, dependsOn: NonNullable<TargetConfiguration['dependsOn']>): TargetConfiguration => ({
    executor: 'nx:run-commands',
    options: { commands: [select(root), command], parallel: false, forwardAllArgs: false },
    dependsOn,
  });
  const stack = '--stack {args.stack} --non-interactive';
  const kubeconfig = `pulumi -C ${root} stack output kubeconfig --show-secrets --stack {args.stack}`;
  return {
    ...(root === withKubeconfig
      ? { kubeconfig: target(`umask 077 && mkdir -p .causeway && ${kubeconfig} > .causeway/kubeconfig`, []) }
      : {}),
    preview: target(`pulumi -C ${root} preview ${stack} --diff {args.config} {args.plan}`, []),
    up: target(`pulumi -C ${root} up ${stack} --yes --skip-preview {args.config} {args.plan}`, [
      { dependencies: true, target: 'up', params: 'forward' },
    ]),
    destroy: target(`pulumi -C ${root} destroy ${stack} --yes`, []),
  };
}
