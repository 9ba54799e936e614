import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { packageClosure } from './package-closure.ts';

/** What a commit of main releases. */
export interface ReleasePlan {
  /** Models whose pods change, by folder name, sorted. */
  models: string[];
  /** Whether a new image is built, which changes the pods of every model. */
  image: boolean;
}

/** What decides about the image besides the code of the service: packages, Node and how it is built. */
const imageFiles = ['package-lock.json', '.node-version', 'apps/inference/Dockerfile'];
const imageFolders = ['tools/image/src'];
const isCode = (file: string): boolean => !/\.test\.ts$|\/fixtures\/|\.md$/.test(file);

/** Folders whose code is in the image: the service, and the libraries that it needs to run. */
function codeFolders(root: string): string[] {
  const manifest = readFileSync(join(root, 'apps/inference/package.json'), 'utf8');
  const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: Record<string, string> };
  const direct = Object.keys(dependencies)
    .filter((name) => name.startsWith('@repo/'))
    .map((name) => name.slice('@repo/'.length));
  return ['apps/inference/src', ...packageClosure(root, direct).map((name) => `libs/${name}/src`), ...imageFolders];
}

/** Files that differ between a commit and HEAD; null where it is no commit of this checkout. */
function changedSince(root: string, base: string): string[] | null {
  try {
    const args = ['diff', '--name-only', '--no-renames', '-z', '--end-of-options', `${base}^{commit}`, 'HEAD'];
    const output = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return output.split('\0').filter(Boolean);
  } catch {
    return null;
  }
}

/** Models with a champion, by folder name, sorted: without one there is nothing to release. */
export function releasableModels(root: string): string[] {
  const names = globSync('models/*/champion.json', { cwd: root }).map((path) => basename(dirname(path)));
  return names.filter((name) => existsSync(join(root, 'models', name, 'model.ts'))).sort();
}

/**
 * What the commits since `base` release: the models whose champion.json or experiment.json they change, and all of them with a new image where they change what is in it.
 * The champions that an image carries are copies and no reason for another one: a pod takes the version that its pin names from the
 * registry. Everything, where `base` is no commit of this checkout: a first push names a commit of zeros.
 */
export function planRelease(root: string, base: string): ReleasePlan {
  const all = releasableModels(root);
  const changed = changedSince(root, base);
  if (changed === null) return { models: all, image: true };
  const folders = codeFolders(root);
  const image = changed.some(
    (file) => imageFiles.includes(file) || (isCode(file) && folders.some((folder) => file.startsWith(`${folder}/`))),
  );
  // Both are handed to the pods, so that either makes new ones.
  const pins = (name: string): string[] => ['champion', 'experiment'].map((pin) => `models/${name}/${pin}.json`);
  const models = image ? all : all.filter((name) => pins(name).some((path) => changed.includes(path)));
  return { models, image };
}
