import { mkdir, open } from 'node:fs/promises';
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

/** Creates a folder with its missing parents, all of which survive a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const top = dirname(first);
  let folder = path;
  do {
    folder = dirname(folder);
    await syncFolder(folder);
  } while (folder.length > top.length);
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
