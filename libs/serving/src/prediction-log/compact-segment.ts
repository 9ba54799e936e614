import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LoggedRow, readRow } from './logged-row.ts';
import { closedFile, tornFile } from './segment-name.ts';
import { writeParquet } from './write-parquet.ts';

/** Folder, below that of the log, of the Parquet files: `<model>/<yyyy-mm-dd>/<segment>.parquet`. */
export const compactedFolder = 'predictions';

/** Rows of a segment's text by folder, and the lines that are no event. */
function readSegment(text: string): { rows: Map<string, LoggedRow[]>; damaged: string[] } {
  const rows = new Map<string, LoggedRow[]>();
  const damaged: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      const { folder, row } = readRow(line);
      const known = rows.get(folder);
      if (known === undefined) rows.set(folder, [row]);
      else known.push(row);
    } catch {
      damaged.push(line);
    }
  }
  return { rows, damaged };
}

/**
 * Turns a closed segment into Parquet files, one for each model and UTC day, then removes it. Killed in between it is done again from the
 * start: names and rows depend on the segment alone, so that the second time replaces what the first left. Lines that are no event are kept in
 * the segment's torn file; returns how many.
 */
export function compactSegment(dir: string, name: string): number {
  const path = join(dir, closedFile(name));
  const { rows, damaged } = readSegment(readFileSync(path, 'utf8'));
  if (damaged.length > 0)
    writeFileSync(join(dir, tornFile(name)), `${damaged.join('\n')}\n`, { flag: 'a', flush: true });
  for (const [folder, some] of rows) writeParquet(join(dir, compactedFolder, folder, `${name}.parquet`), some);
  rmSync(path, { force: true });
  return damaged.length;
}
