import { randomUUID } from 'node:crypto';
import { access, link, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, syncFolder, writeSynced } from './durable-write.ts';
import { checkKey } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';
import { reportingState } from './state-error.ts';

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Link, unlike rename, fails where the name is taken: of any number of processes one creates the object. The folder is synced
 * by the losers too, so that nobody builds on an object that a power cut could still take away.
 */
async function create(root: string, path: string, content: Uint8Array): Promise<boolean> {
  if (await exists(path)) {
    await syncFolder(dirname(path));
    return false;
  }
  const temporary = join(root, 'tmp', randomUUID());
  await makeFolder(dirname(temporary));
  await makeFolder(dirname(path));
  try {
    await writeSynced(temporary, content);
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
    await syncFolder(dirname(path));
  }
}

/**
 * An object store in a folder, made when first written to. What a killed process leaves lies in `tmp/`, is never read, and may
 * be deleted while nothing writes. Throws InputError when the folder cannot be read or written, RangeError for a malformed key.
 */
export function createFolderStore(root: string): ObjectStore {
  const pathOf = (key: string): string => {
    checkKey(key);
    return join(root, key);
  };
  const orIfAbsent = async <T>(absent: T, read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return absent;
      throw error;
    }
  };
  return {
    async get(key) {
      const path = pathOf(key);
      return reportingState(root, () => orIfAbsent<Uint8Array | null>(null, () => readFile(path)));
    },
    async putIfAbsent(key, content) {
      const path = pathOf(key);
      return reportingState(root, () => create(root, path, content));
    },
    async list(folder) {
      const path = pathOf(folder);
      return reportingState(root, () => orIfAbsent<string[]>([], () => readdir(path)));
    },
  };
}
