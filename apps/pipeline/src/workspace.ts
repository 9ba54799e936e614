import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import type { Source } from '@repo/contract/source';
import { loadModule } from './load-module.ts';
import { withCommittedWindow } from './with-committed-window.ts';

/** The checkout that a command works on. */
export interface Workspace {
  root: string;
  /** Folder that a stage of a source or model writes. */
  stageDir(name: string, stage: string): string;
  /** Folder of a model's definition and releases. */
  modelDir(model: string): string;
  /** File that is locked while a command writes what goes by that name. */
  lockPath(name: string): string;
}

/** Finds the workspace that `from` lies in: the nearest folder upwards with nx.json and models/. Throws InputError outside of one. */
export function findWorkspace(from: string): Workspace {
  let root = resolve(from);
  while (!(existsSync(join(root, 'nx.json')) && existsSync(join(root, 'models')))) {
    if (dirname(root) === root) {
      throw new InputError({
        path: 'working folder',
        received: from,
        allowed: 'a folder inside a workspace, with nx.json and models/ at its top',
        action: 'change into your checkout',
      });
    }
    root = dirname(root);
  }
  return {
    root,
    stageDir: (name, stage) => join(root, '.causeway', 'stages', name, stage),
    modelDir: (model) => join(root, 'models', model),
    lockPath: (name) => join(root, '.causeway', 'locks', name),
  };
}

/** Names of the folders under models/ that hold a model.ts, in alphabetical order. */
export async function modelNames({ root }: Workspace): Promise<string[]> {
  const entries = await readdir(join(root, 'models'), { withFileTypes: true });
  const names = entries.filter((e) => e.isDirectory() && existsSync(join(root, 'models', e.name, 'model.ts')));
  return names.map((e) => e.name).sort();
}

/** Throws InputError for a name that no model goes by, listing those that do. */
export async function requireModelName(workspace: Workspace, name: string): Promise<void> {
  const names = await modelNames(workspace);
  if (names.includes(name)) return;
  throw new InputError({
    path: 'model',
    received: show(name),
    allowed: names.join(', ') || 'no model yet',
    action: `name one of these, or add models/${/^[a-z0-9-]{1,50}$/.test(name) ? name : '<name>'}/model.ts`,
  });
}

/** Loads models/<name>/model.ts; throws InputError for an unknown name, a broken file, or a model that goes by another name than its folder. window.json beside it, if there is one, takes the place of its split. */
export async function loadModel(workspace: Workspace, name: string): Promise<Model> {
  await requireModelName(workspace, name);
  const model = (await loadModule(workspace.root, join(workspace.modelDir(name), 'model.ts'))).default as
    | Model
    | undefined;
  const path = `models/${name}/model.ts`;
  if (typeof model?.digest !== 'string')
    throw new InputError({
      path,
      received: 'no default export made by defineModel',
      allowed: 'export default defineModel({ ... })',
      action: 'add it',
    });
  if (model.name !== name)
    throw new InputError({
      path: `${path}: name`,
      received: show(model.name),
      allowed: show(name),
      action: 'give the folder and the model the same name',
    });
  return withCommittedWindow(workspace, model);
}

/** Files features/<domain>/<name>.ts by name; a name that two domains use is refused. */
async function sourceFiles({ root }: Workspace): Promise<Map<string, string>> {
  const folder = join(root, 'features');
  const files = new Map<string, string>();
  for (const domain of existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : []) {
    for (const entry of domain.isDirectory() ? await readdir(join(folder, domain.name)) : []) {
      const name = /^([a-z0-9-]+)\.ts$/.exec(entry)?.[1];
      if (name === undefined) continue;
      const [path, taken] = [join(folder, domain.name, entry), files.get(name)];
      if (taken !== undefined)
        throw new InputError({
          path: relative(root, path),
          received: show(name),
          allowed: `a name that ${relative(root, taken)} does not have`,
          action: 'rename one of the two sources and its file',
        });
      files.set(name, path);
    }
  }
  return files;
}

/** Loads a source of the catalogue: the file features/<domain>/<name>.ts with an exported source of that name. */
export async function loadSource(workspace: Workspace, name: string): Promise<Source> {
  const files = await sourceFiles(workspace);
  const file = files.get(name);
  if (file === undefined)
    throw new InputError({
      path: 'source',
      received: show(name),
      allowed: [...files.keys()].sort().join(', ') || 'no source yet',
      action: 'name one of these sources of features/',
    });
  const source = Object.values(await loadModule(workspace.root, file)).find(
    (value): value is Source => (value as Source)?.kind === 'source' && (value as Source).name === name,
  );
  if (source === undefined)
    throw new InputError({
      path: relative(workspace.root, file),
      received: 'no such export',
      allowed: `a source named ${show(name)}`,
      action: 'export it from this file',
    });
  return source;
}

/** Sources by name, each once, in the order in which they first stand. */
export function eachOnce(sources: readonly Source[]): Source[] {
  return [...new Map(sources.map((source) => [source.name, source])).values()];
}

/** The sources that a model reads, events first, each once. */
export function sourcesOf(model: Model): Source[] {
  return eachOnce([model.events, ...model.features.map((view) => view.source)]);
}
