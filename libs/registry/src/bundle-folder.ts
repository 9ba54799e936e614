import { constants } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Problem } from '@repo/contract/input-error';
import { allBundleFiles, bundleFiles } from '@repo/contract/manifest';

/** Name of the manifest inside a bundle. */
export const manifestFile = 'manifest.json';

async function entriesOf(dir: string) {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    throw new InputError({
      path: dir,
      received: `no readable folder (${(error as NodeJS.ErrnoException).code})`,
      allowed: `a folder of ${bundleFiles.join(', ')}`,
      action: 'train the model first, or correct the path',
    });
  }
}

/**
 * Reads the regular files of a bundle folder whole, at most 2 GiB each. Throws InputError when a file of a bundle is missing,
 * when there is any other entry, and when one is no regular file: a symbolic link could change what it points at.
 */
export async function readBundleFolder(
  dir: string,
  manifest: 'required' | 'optional',
): Promise<Map<string, Uint8Array>> {
  const entries = await entriesOf(dir);
  const known: readonly string[] = [...allBundleFiles, manifestFile];
  const problems: Problem[] = [];
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (!known.includes(entry.name)) {
      problems.push({ path, received: 'an extra entry', allowed: known.join(', '), action: 'move it elsewhere' });
    } else if (!entry.isFile()) {
      const received = entry.isSymbolicLink() ? 'a symbolic link' : 'no regular file';
      problems.push({ path, received, allowed: 'a regular file', action: 'put the file itself there' });
    }
  }
  for (const name of manifest === 'required' ? [...bundleFiles, manifestFile] : bundleFiles) {
    if (entries.some((entry) => entry.name === name)) continue;
    problems.push({
      path: join(dir, name),
      received: 'nothing',
      allowed: 'a file',
      action: 'restore it, or train again',
    });
  }
  if (problems.length > 0) throw new InputError(problems);
  const flag = constants.O_RDONLY | constants.O_NOFOLLOW;
  const contents = new Map<string, Uint8Array>();
  for (const { name } of entries) contents.set(name, await readFile(join(dir, name), { flag }));
  return contents;
}
