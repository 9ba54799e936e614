import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a run has to look at. Both lists are sorted. */
export interface Plan {
  /** Projects that a change reaches. */
  projects: string[];
  /** The models among them, by folder name. */
  models: string[];
  /** The Pulumi programs among them, by folder name. */
  programs: string[];
  /** Suites of test/e2e that a runner of GitHub is to run. */
  suites: string[];
}

/** What runs in the image, and what builds it. */
const imageProjects = ['@repo/inference', '@repo/image'];
/** Definitions and data: they change what is served, not how it is stood up. */
const isContent = (path: string): boolean => /^(?:models|features)\//.test(path);

/**
 * `image` where the image may differ, which holds the champions of all models; `infra`, which stands everything up, where the service, its
 * image or a program does, unless nothing but models has changed.
 */
function suitesFor({ projects, models, programs }: Omit<Plan, 'suites'>, changed: readonly string[] | null): string[] {
  const hasImage = imageProjects.some((name) => projects.includes(name));
  const isCode = changed === null || !changed.every(isContent);
  return [
    ...(hasImage || models.length > 0 ? ['image'] : []),
    ...(isCode && (hasImage || programs.length > 0) ? ['infra'] : []),
  ];
}

function isCommit(root: string, name: string): boolean {
  try {
    execFileSync('git', ['cat-file', '-e', `${name}^{commit}`], { cwd: root, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Paths that differ from `base`, as Nx takes them: from where the two parted. */
function changedSince(root: string, base: string): string[] {
  const args = ['diff', '--name-only', '-z', `${base}...HEAD`];
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
}

/** Names of projects as Nx answers them: an array of strings in JSON. */
function show(root: string, ...args: string[]): string[] {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const command = [nx, 'show', 'projects', '--json', ...args];
  const env = { ...process.env, NX_WORKSPACE_ROOT_PATH: root };
  return JSON.parse(execFileSync(process.execPath, command, { cwd: root, env, encoding: 'utf8' })) as string[];
}

/**
 * What the commits since `base` reach, by the graph of Nx. Everything, where `base` is no commit of this checkout: a first push names
 * a commit of zeros, a forced one a commit that is gone. The graph is read from text, so that a model that does not parse is planned
 * like any other and fails in its own row.
 * @param root folder of the workspace.
 */
export function planSince(root: string, base: string): Plan {
  const isKnown = isCommit(root, base);
  const affected = isKnown ? ['--affected', `--base=${base}`, '--head=HEAD'] : [];
  const projects = show(root, ...affected).sort();
  const having = (folder: string, file: string) =>
    projects.filter((name) => existsSync(join(root, folder, name, file)));
  const plan = { projects, models: having('models', 'model.ts'), programs: having('infra', 'Pulumi.yaml') };
  return { ...plan, suites: suitesFor(plan, isKnown ? changedSince(root, base) : null) };
}
