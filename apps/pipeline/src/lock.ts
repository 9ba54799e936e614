import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { InputError, show } from '@repo/contract/input-error';

const retryMs = 50;
/** SQLITE_BUSY: somebody else holds it. */
const busy = 5;

function refuse(path: string, error: unknown): InputError {
  return new InputError({
    path: 'lock',
    received: `${show(path)} (${(error as Error).message})`,
    allowed: 'a file that can be written, and nothing in it',
    action: 'remove it, or change the permissions of its folder',
  });
}

function open(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw refuse(path, error);
  }
}

function isTaken(database: DatabaseSync, path: string): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return false;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === busy) return true;
    throw refuse(path, error);
  }
}

/**
 * Runs work while no other process, and nothing else in this one, holds the lock file `path`; waits its turn, having called `onWait` once.
 * The lock is SQLite's on an empty database: the kernel lets go of it when a process is killed, so none is ever left behind. Throws
 * InputError when the file cannot be opened or is something else.
 */
export async function withLock<T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const database = open(path);
  try {
    if (isTaken(database, path)) {
      onWait();
      do await setTimeout(retryMs);
      while (isTaken(database, path));
    }
    return await work();
  } finally {
    database.close();
  }
}
