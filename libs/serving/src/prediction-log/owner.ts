import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@repo/registry/durable-write';
import { type ProcessIdentity, stateOf, thisProcess } from './process-identity.ts';

/** How often an owner says that it lives. */
export const beatMs = 30_000;

/** After this long without a word, an owner that cannot be seen from here counts as gone. */
const silenceMs = 4 * beatMs;

const suffix = '.owner';

/** A process as writer of a folder's segments. Its file says which process it is; its time of change, that it lives. */
export interface Owner {
  /** 12 hexadecimal digits, part of the name of every segment it writes. */
  readonly name: string;
  /** Says that it lives. False when others took it for gone: then its segments are theirs, and it must write to none any more. */
  beat(): Promise<boolean>;
  /** Gives its closed segments to whoever comes next. */
  release(): Promise<void>;
}

/** Becomes an owner in a folder, which is made when missing. */
export async function becomeOwner(dir: string): Promise<Owner> {
  const name = randomBytes(6).toString('hex');
  const path = join(dir, name + suffix);
  const text = JSON.stringify(thisProcess());
  await makeFolder(dir);
  await writeFile(path, text, { flag: 'wx' });
  return {
    name,
    beat: async () => {
      try {
        // Written, not only touched: the time is then the file server's, the same for all. In place: never empty for a reader.
        await using file = await open(path, 'r+');
        await file.write(text, 0);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      }
    },
    release: () => rm(path, { force: true }),
  };
}

/** Names of the owners that a folder lists. */
export const listOwners = (dir: string): string[] =>
  readdirSync(dir).flatMap((file) => (file.endsWith(suffix) ? [file.slice(0, -suffix.length)] : []));

/** Strikes an owner that is gone off the list, once nothing of it is left to do. */
export const removeOwner = (dir: string, name: string): void => rmSync(join(dir, name + suffix), { force: true });

/** What an owner's file says about its process, or null when it was not written to the end. */
function readIdentity(path: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Whether an owner is gone for certain, so that its segments may be touched: it is not listed, or its process does not run any more. One
 * that cannot be seen from here, in another container or on another machine, is gone once it was silent for two minutes before `nowMs`, an
 * instant of the file system's own clock.
 */
export function isGone(dir: string, name: string, nowMs: number): boolean {
  const path = join(dir, name + suffix);
  try {
    const { mtimeMs } = statSync(path);
    const identity = readIdentity(path);
    const state = identity === null ? 'unknown' : stateOf(identity);
    return state === 'gone' || (state === 'unknown' && nowMs - mtimeMs > silenceMs);
  } catch (error) {
    // Not listed: gone. What cannot be read is not gone for certain.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
