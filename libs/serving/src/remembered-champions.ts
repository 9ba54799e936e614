import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { type Champion, championSchema } from '@repo/contract/manifest';
import { makeFolder, replaceFile } from '@repo/registry/durable-write';

/** A version with the folder that holds its verified copy on this machine. */
export interface LocalVersion extends Champion {
  readonly dir: string;
}

/** What served when all was well: enough to serve it again while the registry does not answer. */
export interface RememberedChampion {
  readonly champion: LocalVersion;
  readonly previous: LocalVersion | null;
}

/** The champions that this machine saw last, in `champions.json` of a folder. */
export interface RememberedChampions {
  get(name: string): RememberedChampion | null;
  /** Durable when it resolves. Nothing is written when nothing changed. */
  put(name: string, champion: RememberedChampion): Promise<void>;
}

function asLocalVersion(value: unknown): LocalVersion {
  const { dir, ...champion } = value as Record<string, unknown>;
  if (typeof dir !== 'string') throw new TypeError('received a version without its folder');
  return { ...championSchema.parse(champion), dir };
}

function parse(text: string): Map<string, RememberedChampion> {
  const { models } = JSON.parse(text) as { models: Record<string, Record<string, unknown>> };
  const entries = Object.entries(models).map(([name, { champion, previous }]) => {
    const entry = { champion: asLocalVersion(champion), previous: previous === null ? null : asLocalVersion(previous) };
    return [name, entry] as const;
  });
  return new Map(entries);
}

/** What the file holds; nothing when there is none, or when it is not what `put` leaves. */
async function read(path: string, warn: (message: string) => void): Promise<Map<string, RememberedChampion>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  try {
    return text === null ? new Map() : parse(text);
  } catch {
    warn(`${path}: received no memory of champions; allowed: what this service writes; it is written anew`);
    return new Map();
  }
}

/**
 * Opens the memory in `dir`, which is made when missing. What it holds is a convenience: a file of another form is forgotten with a
 * warning. Throws InputError when the folder cannot be read or written.
 */
export async function openRememberedChampions(
  dir: string,
  warn: (message: string) => void,
): Promise<RememberedChampions> {
  const path = join(dir, 'champions.json');
  const unusable = (error: NodeJS.ErrnoException): never => {
    throw new InputError({
      path: 'CAUSEWAY_STATE',
      received: `${dir} (${error.code})`,
      allowed: 'a folder that can be read and written',
      action: 'name another folder, or grant this user access to it',
    });
  };
  await makeFolder(dir).catch(unusable);
  const models = await read(path, warn).catch(unusable);
  const found = (place: LocalVersion): LocalVersion => ({ ...place, dir: resolve(dir, place.dir) });
  const kept = (place: LocalVersion): LocalVersion => ({
    version: place.version,
    digest: place.digest,
    dir: relative(dir, place.dir),
  });
  const content = () => JSON.stringify({ models: Object.fromEntries(models) }, null, 1);
  /** What the file holds, unless somebody else changed it. */
  let written = content();
  let writing = Promise.resolve();
  return {
    get: (name) => {
      const champion = models.get(name);
      if (champion === undefined) return null;
      return { champion: found(champion.champion), previous: champion.previous && found(champion.previous) };
    },
    put: async (name, { champion, previous }) => {
      const entry = { champion: kept(champion), previous: previous && kept(previous) };
      models.set(name, entry);
      const write = async () => {
        const wanted = content();
        if (wanted === written) return;
        await replaceFile(path, Buffer.from(wanted));
        written = wanted;
      };
      writing = writing.then(write, write);
      await writing;
    },
  };
}
