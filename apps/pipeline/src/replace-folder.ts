import { mkdir, rename, rm } from 'node:fs/promises';

/**
 * Replaces a folder as a whole: `fill` writes into `<folder>.part`, which takes the folder's place when that is done. When it fails, what
 * stood there before still stands. Only for a caller that nobody writes beside: see withLock; a `.part` of a killed process is overwritten.
 */
export async function replaceFolder<T>(folder: string, fill: (part: string) => Promise<T>): Promise<T> {
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  try {
    const result = await fill(part);
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
    return result;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}
