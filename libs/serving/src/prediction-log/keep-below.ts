import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

interface Kept {
  readonly path: string;
  readonly bytes: number;
}

/** Files of the folder that may go, those of the oldest segments first: a file's name begins with the time of its segment. */
function listKept(dir: string): Kept[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(parquet|torn|jsonl)$/.test(file) && !file.endsWith('.open.jsonl'))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
    .flatMap((file) => {
      const path = join(dir, file);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat === undefined ? [] : [{ path, bytes: stat.size }];
    });
}

/** Removes the oldest files of a log until the rest takes at most `maxBytes`. Returns what it removed; open segments always stay. */
export function keepBelow(dir: string, maxBytes: number): { files: number; bytes: number } {
  const kept = listKept(dir);
  let over = kept.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes;
  let [files, removed] = [0, 0];
  for (const { path, bytes } of kept) {
    if (over <= 0) break;
    rmSync(path, { force: true });
    over -= bytes;
    files += 1;
    removed += bytes;
  }
  return { files, bytes: removed };
}
