import type { InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import { type DatabaseOptions, openDatabase } from '../database.ts';
import type { Snapshot } from '../snapshot.ts';
import { writeSnapshot } from '../write-snapshot.ts';
import type { Lake } from './open-lake.ts';

export interface WriteTableOptions extends DatabaseOptions {
  /** Snapshot of the declared raw files. */
  base: Snapshot;
  /** Folder of the snapshot; made if missing, replaced as a whole if it holds a former snapshot. */
  outDir: string;
  /** The table as it was known at this moment. Default: all that is visible. */
  atObservedUs?: InstantUs;
  /** Called as each step begins, of which there are two. */
  onProgress?: () => void;
}

/**
 * Writes the table of a source as it is with all visible batches, as ingest writes the declared raw files alone. The digest depends on the
 * rows only: not on the order of the batches, nor on whether they were joined.
 */
export async function writeTable(source: Source, lake: Lake, options: WriteTableOptions): Promise<Snapshot> {
  const { base, outDir, atObservedUs, onProgress = () => {} } = options;
  const database = await openDatabase(options);
  try {
    const from = await lake.tableSql({ base: base.dataPath, ...(atObservedUs === undefined ? {} : { atObservedUs }) });
    const notes = async () => base.manifest.notes;
    return await writeSnapshot(database, source, { from, outDir, notes, onProgress });
  } finally {
    database.close();
  }
}
