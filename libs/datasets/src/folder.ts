import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';

const refusals = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'ENOENT', 'ENAMETOOLONG'];

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function swap(made: string, target: string): void {
  const former = `${made}.former`;
  let kept = false;
  try {
    renameSync(target, former);
    kept = true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    renameSync(made, target);
  } catch (error) {
    if (kept) renameSync(former, target);
    throw error;
  }
  rmSync(former, { recursive: true, force: true });
}

function refuse(received: string, allowed: string): never {
  const action = 'choose another folder, or change its permissions';
  throw new InputError({ path: 'outDir', received, allowed, action });
}

/**
 * Replaces the folder `target` as a whole: `fill` writes plain files into a new folder beside it, which is synced to disk and renamed
 * into place. When anything fails, what stood there before still stands and nothing else is left. Throws InputError when the
 * place cannot be written to, or holds anything but the files `names`, which would be lost.
 */
export async function replaceFolder<T>(
  target: string,
  names: readonly string[],
  fill: (folder: string) => Promise<T>,
): Promise<T> {
  const place = resolve(target);
  let folder: string | undefined;
  try {
    const others = existsSync(place) ? readdirSync(place).filter((name) => !names.includes(name)) : [];
    if (others.length > 0)
      refuse(`${show(target)}, which holds ${others[0]}`, `a folder with ${names.join(', ')} only`);
    mkdirSync(dirname(place), { recursive: true });
    folder = mkdtempSync(join(dirname(place), `.${basename(place)}-`));
    chmodSync(folder, 0o755);
    const result = await fill(folder);
    for (const name of readdirSync(folder)) sync(join(folder, name));
    sync(folder);
    swap(folder, place);
    sync(dirname(place));
    return result;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined || !refusals.includes(code)) throw error;
    return refuse(`${show(target)}, ${code}`, 'a folder that can be written to, on a disk with room');
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
