import type { TargetConfiguration } from '@nx/devkit';
import { packageClosure } from './package-closure.ts';

type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** A stage that Nx caches: its verb, and the library that does its work. */
interface Stage {
  verb: string;
  library: string;
}

/** What has a verdict besides: its target is done when it could be judged, whatever the verdict is. */
const flags: Readonly<Record<string, string>> = { gate: ' --report-only' };

/** The command of a stage. */
export const stageCommand = (verb: string, owner: string): string => `causeway ${verb} ${owner}${flags[verb] ?? ''}`;

/** What `causeway ingest` runs. */
export const ingest: Stage = { verb: 'ingest', library: 'datasets' };

/** The chain of a model, in order. Each stage depends on the one before. */
export const modelStages: readonly Stage[] = [
  { verb: 'validate', library: 'datasets' },
  { verb: 'features', library: 'features' },
  { verb: 'train', library: 'training' },
  { verb: 'gate', library: 'gates' },
];

/**
 * Inputs that stand for the batches appended to sources: the snapshots of the lake in the state folder, which git and so Nx leave out of
 * sight. A state elsewhere changes without Nx knowing; there the command itself is run.
 */
const batchInputs = [
  { env: 'CAUSEWAY_STATE' },
  { runtime: 'ls .causeway/state/lake/*/snapshots 2>/dev/null || true' },
];

/**
 * Inputs that stand for all code that a stage runs: the command, the libraries with everything below them, and Node. Named as files, not
 * as projects, because Nx then also counts a model as affected by a change of them.
 */
export function codeInputs(workspaceRoot: string, libraries: readonly string[]): Inputs {
  const folders = ['apps/pipeline', ...packageClosure(workspaceRoot, libraries).map((name) => `libs/${name}`)];
  const files = folders.flatMap((folder) => [`${folder}/src/**/*`, `${folder}/package.json`].map(fileInput));
  const notRun = folders.flatMap((folder) =>
    ['**/*.test.ts', '**/fixtures/**', '**/*.md'].map((path) => `!${fileInput(`${folder}/${path}`)}`),
  );
  return [...files, ...notRun, { runtime: 'node --version' }, ...batchInputs];
}

/** Input for one file, or a glob of files, of the workspace. */
export const fileInput = (path: string): string => `{workspaceRoot}/${path}`;

/** Inputs that stand for a domain's raw data, without what is written about it. */
export const dataInputs = (domain: string): string[] => [
  `{workspaceRoot}/features/${domain}/data/**/*`,
  `!{workspaceRoot}/features/${domain}/data/**/*.md`,
];

/** What a stage writes: `.causeway/stages/<source or model>/<verb>`. */
export const stageOutput = (owner: string, verb: string): string => `{workspaceRoot}/.causeway/stages/${owner}/${verb}`;

/** A target that runs commands one after the other in the workspace's root, cached unless `cache` is false. */
export function stageTarget(
  commands: readonly string[],
  inputs: Inputs,
  outputs: readonly string[],
  dependsOn: TargetConfiguration['dependsOn'] = [],
  cache = true,
): TargetConfiguration {
  return {
    executor: 'nx:run-commands',
    options: { commands: [...commands], parallel: false },
    cache,
    dependsOn,
    inputs,
    outputs: [...outputs],
  };
}
