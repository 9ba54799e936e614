import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Objects } from '@repo/registry/open-objects';
import writeFileAtomic from 'write-file-atomic';

/** Days of the log that are looked at: what serves, labels that come late, and the four weeks before. */
const days = 70;
const dayMs = 86_400_000;

/**
 * Fetches what the log in S3 holds of a model since 70 days before a moment; files that are here already stay. Returns the folder that then is a
 * prediction log; null where the state lies on this machine, and so does the log. `objects` are those of the folder `predictions`.
 */
export async function fetchLog(objects: Objects, model: string, atUs: number): Promise<string | null> {
  if (!objects.isRemote) return null;
  const since = new Date(atUs / 1000 - days * dayMs).toISOString().slice(0, 10);
  for (const day of (await objects.store.list(model)).filter((one) => one >= since))
    for (const name of await objects.store.list(`${model}/${day}`)) await objects.pathOf(`${model}/${day}/${name}`);
  return dirname(objects.localRoot);
}

/** Keys of objects are lower-case; names of the files here have a T and a Z. */
const keyOf = (name: string): string => name.toLowerCase();
const nameOf = (key: string): string => key.toUpperCase().replace(/\.JSON$/, '.json');

/** Fetches the windows that other machines made of a model into `dir`, and keeps those that are there. `objects` are those of the folder `monitor`. */
export async function fetchWindows(objects: Objects, model: string, dir: string): Promise<void> {
  if (!objects.isRemote) return;
  for (const key of await objects.store.list(`${model}/windows`)) {
    const path = join(dir, 'windows', nameOf(key));
    const content = existsSync(path) ? null : await objects.store.get(`${model}/windows/${key}`);
    if (content !== null) await writeFileAtomic(path, Buffer.from(content));
  }
}

/** Whether a window's labels had their time: others are made again, and what is shared stays for good. */
const isFinal = (content: Buffer): boolean => (JSON.parse(content.toString()) as { final?: unknown }).final === true;

/** Adds final windows and findings of `dir` to the state in S3, where nothing is replaced: the newest findings are those with the last name. */
export async function shareMonitor(objects: Objects, model: string, dir: string): Promise<void> {
  if (!objects.isRemote) return;
  for (const folder of ['windows', 'findings']) {
    const there = new Set(await objects.store.list(`${model}/${folder}`));
    for (const name of readdirSync(join(dir, folder)).filter((one) => one.endsWith('.json'))) {
      if (there.has(keyOf(name))) continue;
      const content = readFileSync(join(dir, folder, name));
      if (folder === 'findings' || isFinal(content))
        await objects.store.putIfAbsent(`${model}/${folder}/${keyOf(name)}`, content);
    }
  }
}
