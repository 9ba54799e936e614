import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@repo/contract/input-error';
import type { Candidate, LoadTarget } from './load-target.ts';
import { openPlainModel } from './open-served-model.ts';

/** A folder of plain ONNX models in Triton's layout, `<name>/<version>/model.onnx`. */
export interface ModelRepository {
  /** Names of the folders that hold at least one version. Throws InputError when the folder cannot be read. */
  names(): Promise<string[]>;
  /** All versions of a model, the highest being the default; null when there is none. */
  find(name: string): Promise<LoadTarget | null>;
}

/** Names of plain models, and of bundles: safe as a path and a label, and what other servers of this layout take. */
export const modelNameForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
const versionForm = /^[1-9]\d{0,8}$/;

async function foldersIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
}

async function versionsIn(dir: string): Promise<string[]> {
  const folders = await foldersIn(dir).catch(() => []);
  return folders.filter((folder) => versionForm.test(folder)).sort((a, b) => Number(b) - Number(a));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest('hex')}`;
}

async function candidate(dir: string, name: string, version: string): Promise<Candidate> {
  const path = join(dir, name, version, 'model.onnx');
  const unreadable = (error: NodeJS.ErrnoException): never => {
    const action = 'put the model there, or remove the folder of the version';
    throw new InputError({ path, received: `no readable file (${error.code})`, allowed: 'an ONNX model', action });
  };
  return {
    version,
    // A version whose file cannot be read differs from all that serve, and says why when it is opened.
    digest: await digestOf(path).catch(() => ''),
    open: async (serving) => {
      const onnx = await readFile(path).catch(unreadable);
      return openPlainModel({ name, version, onnx }, serving);
    },
  };
}

/** Opens a repository. `warn` hears of what is in it and not used. */
export function createModelRepository(dir: string, warn: (message: string) => void): ModelRepository {
  const names = async (): Promise<string[]> => {
    const folders = await foldersIn(dir).catch((error: NodeJS.ErrnoException) => {
      throw new InputError({
        path: 'MODEL_REPOSITORY',
        received: `${dir} (${error.code})`,
        allowed: 'a readable folder with <name>/<version>/model.onnx',
        action: 'correct the path, or leave the variable out',
      });
    });
    const found: string[] = [];
    for (const folder of folders.sort()) {
      if ((await versionsIn(join(dir, folder))).length === 0)
        warn(`${join(dir, folder)}: no version in it, not served`);
      else if (!modelNameForm.test(folder)) warn(`${join(dir, folder)}: no name that a path can hold, not served`);
      else found.push(folder);
    }
    return found;
  };
  return {
    names,
    find: async (name) => {
      if (!modelNameForm.test(name)) return null;
      const versions = await versionsIn(join(dir, name));
      const config = join(dir, name, 'config.pbtxt');
      const configured = await access(config).then(
        () => true,
        () => false,
      );
      if (configured) warn(`${config}: ignored; inputs, outputs and batching are taken from the model itself`);
      const [current, ...others] = await Promise.all(versions.map((version) => candidate(dir, name, version)));
      return current === undefined ? null : { name, current, previous: null, others };
    },
  };
}
