import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactedFolder } from './compact-segment.ts';
import { type LoggedRow, readRow } from './logged-row.ts';
import { readSegmentName } from './segment-name.ts';
import { writeParquet } from './write-parquet.ts';

/** Where the answers of a model lie now, and how many lines of segments were no event. */
export interface ParquetOfLog {
  readonly files: readonly string[];
  readonly damaged: number;
}

/** Whole lines; what follows the last newline is still being written. */
const linesOf = (text: string): string[] =>
  text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean);

function readWhole(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // Compacted between listing and reading, so that its Parquet file is listed below.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Every answer of a model that a log holds, as Parquet: files that are compacted already, and copies in `outDir` of what lies in segments,
 * open ones included. Nothing of the log is touched, so that it may be written meanwhile. An event may be in two files, as when it is compacted
 * at this very moment: tell events by `id`, `time` and `request`, as callers may send one id again.
 */
export function parquetOfLog(dir: string, model: string, outDir: string): ParquetOfLog {
  const files: string[] = [];
  let damaged = 0;
  for (const file of readdirSync(dir).sort()) {
    const segment = readSegmentName(file);
    const text = segment === null ? null : readWhole(join(dir, file));
    if (segment === null || text === null) continue;
    const rows: LoggedRow[] = [];
    for (const line of linesOf(text)) {
      try {
        const { row } = readRow(line);
        if (row.model === model) rows.push(row);
      } catch {
        damaged += 1;
      }
    }
    if (rows.length === 0) continue;
    const copy = join(outDir, `${segment.name}.parquet`);
    writeParquet(copy, rows);
    files.push(copy);
  }
  const compacted = join(dir, compactedFolder, encodeURIComponent(model));
  const entries: Dirent[] = existsSync(compacted)
    ? readdirSync(compacted, { recursive: true, withFileTypes: true })
    : [];
  const found = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.parquet'));
  return { files: [...files, ...found.map((entry) => join(entry.parentPath, entry.name)).sort()], damaged };
}
