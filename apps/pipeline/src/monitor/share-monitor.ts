import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Objects } from '@repo/registry/open-objects';
import writeFileAtomic from 'write-file-atomic';

/**
 * Fetches what the log in S3 holds of a model since the day of a moment, UTC microseconds; files that are here already stay. Returns the folder that then is a
 * prediction log; null where the state lies on this machine, and so does the log. `objects` are those of the folder `predictions`.
 */
export async function fetchLog(objects: Objects, model: string, sinceUs: number): Promise<string | null> {
  if (!objects.isRemote) return null;
  const since = new Date(sinceUs / 1000).toISOString().slice(0, 10);
  for (const day of (await objects.store.list(model)).filter((one) => one >= since))
    for (const name of await objects.store.list(`${model}/${day}`)) await objects.pathOf(`${model}/${day}/${name}`);
  return dirname(objects.localRoot);
}

/** Fetches the windows that other machines made of a model into `dir`, and keeps those that are there. `objects` are those of the folder `monitor`. */
export async function fetchWindows(objects: Objects, model: string, dir: string): Promise<void> {
  if (!objects.isRemote) return;
  for (const name of await objects.store.list(`${model}/windows`)) {
    const path = join(dir, 'windows', name);
    const content = existsSync(path) ? null : await objects.store.get(`${model}/windows/${name}`);
    if (content !== null) await writeFileAtomic(path, Buffer.from(content));
  }
}

/** Whether a window's labels had their time: others, and files that are damaged, are made again, and what is shared stays for good. */
function isFinal(content: Buffer): boolean {
  try {
    return (JSON.parse(content.toString()) as { final?: unknown } | null)?.final === true;
  } catch {
    return false;
  }
}

/** Adds final windows and findings of `dir` to the state in S3, where nothing is replaced: the newest findings are those with the last name. */
export async function shareMonitor(objects: Objects, model: string, dir: string): Promise<void> {
  if (!objects.isRemote) return;
  for (const folder of ['windows', 'findings']) {
    const there = new Set(await objects.store.list(`${model}/${folder}`));
    for (const name of readdirSync(join(dir, folder)).filter((one) => one.endsWith('.json'))) {
      if (there.has(name)) continue;
      const content = readFileSync(join(dir, folder, name));
      if (folder === 'findings' || isFinal(content))
        await objects.store.putIfAbsent(`${model}/${folder}/${name}`, content);
    }
  }
}
