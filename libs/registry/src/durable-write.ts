import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname } from 'node:path';

/** Makes the entries of a folder survive a power cut. Windows cannot open folders and journals their entries by itself. */
export async function syncFolder(path: string): Promise<void> {
  if (platform() === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isNew(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Creates a folder with its missing parents, all of which survive a power cut. Not `mkdir` with `recursive`: where a parent exists
 * and yet nothing can be created in it, as in /proc, Node tries forever.
 */
export async function makeFolder(path: string): Promise<void> {
  const parent = dirname(path);
  let created: boolean;
  try {
    created = await isNew(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    await makeFolder(parent);
    created = await isNew(path);
  }
  if (created) await syncFolder(parent);
}

/** Writes a file that must not exist yet and waits until its content is on the disk. Its folder is left to {@link syncFolder}. */
export async function writeSynced(path: string, content: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Puts content in the place of a file, or where there was none. Whoever reads meanwhile, and whatever a power cut leaves, has all of the
 * old or all of the new; when it resolves, the new survives. A process killed over it may leave `<path>.<random>.tmp`, which nobody reads.
 */
export async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeSynced(temporary, content);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}
