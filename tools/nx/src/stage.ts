import type { TargetConfiguration } from '@nx/devkit';

type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** A stage that Nx caches: its verb, and the packages whose code it runs beyond those of the stages before it. */
interface Stage {
  verb: string;
  packages: readonly string[];
}

/** What `causeway ingest` runs. */
export const ingest: Stage = { verb: 'ingest', packages: ['contract', 'datasets', 'pipeline'] };

/** The chain of a model, in order. Each stage depends on the one before. */
export const modelStages: readonly Stage[] = [
  { verb: 'validate', packages: [] },
  { verb: 'features', packages: ['features'] },
  { verb: 'train', packages: ['training', 'onnx', 'stats'] },
];

/** Inputs that stand for the production code of packages and the Node that runs it. */
export function codeInputs(packages: readonly string[]): Inputs {
  return [{ input: 'stage', projects: packages.map((name) => `@repo/${name}`) }, { runtime: 'node --version' }];
}

/** Input for one file of the workspace. */
export const fileInput = (path: string): string => `{workspaceRoot}/${path}`;

/** Folder of a stage's outputs; see `.causeway/stages` in docs/architecture.md. */
export const stageFolder = (owner: string, verb: string): string => `{workspaceRoot}/.causeway/stages/${owner}/${verb}`;

/** A cached target that runs `causeway` in the workspace's root. */
export function stageTarget(
  commands: readonly string[],
  inputs: Inputs,
  outputs: readonly string[],
  dependsOn: TargetConfiguration['dependsOn'] = [],
): TargetConfiguration {
  return {
    executor: 'nx:run-commands',
    options: { commands: [...commands], parallel: false },
    cache: true,
    dependsOn,
    inputs: [...inputs],
    outputs: [...outputs],
  };
}
