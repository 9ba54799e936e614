import { InputError } from '@repo/contract/input-error';
import type { SnapshotManifest } from '@repo/contract/manifest';
import type { Source } from '@repo/contract/source';
import { columnTypeOf, duckdbType } from './column-type.ts';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import type { Environment } from './load-extension.ts';
import { openRawTables, type RawFiles, sqlError } from './raw-tables.ts';
import type { Snapshot } from './snapshot.ts';
import { identifier } from './sql-text.ts';
import { writeSnapshot } from './write-snapshot.ts';

/** Steps of {@link ingest}, in their order. */
export const ingestSteps = ['open', 'read', 'write', 'digest'] as const;
export type IngestStep = (typeof ingestSteps)[number];

export interface IngestOptions extends DatabaseOptions {
  /** Folder of the snapshot; made if missing, replaced as a whole if it holds a former snapshot. */
  outDir: string;
  /** Raw files in place of the declared ones, by table name. */
  files?: RawFiles;
  /** Environment variables, which say where the databases of `sqlTable` are. Default none. */
  environment?: Environment;
  /** Called as each step begins. */
  onProgress?: (step: IngestStep) => void;
}

async function checkColumns(database: Database, source: Source): Promise<void> {
  const found = new Map<string, string>();
  try {
    for (const row of await database.rows(`DESCRIBE ${source.sql}`))
      found.set(String(row.column_name), columnTypeOf(String(row.column_type)));
  } catch (error) {
    throw sqlError(`${source.name}.sql`, error, 'correct the SQL, or the raw file that lacks what it names');
  }
  const names = new Set([...Object.keys(source.columns), ...found.keys()]);
  const problems = [...names].flatMap((name) => {
    const [received, declared] = [found.get(name), source.columns[name]?.type];
    if (received === declared) return [];
    const path = `${source.name}.sql.${name}`;
    const action = 'make the SELECT and the declared columns agree';
    return [{ path, received: received ?? 'no such column', allowed: declared ?? 'no such column', action }];
  });
  if (problems.length > 0) throw new InputError(problems);
}

async function readNotes(database: Database, source: Source): Promise<SnapshotManifest['notes']> {
  const notes: SnapshotManifest['notes'] = {};
  for (const [title, sql] of Object.entries(source.notes ?? {})) {
    try {
      notes[title] = (await database.rows(sql)).map((row) => String(Object.values(row)[0])).sort();
    } catch (error) {
      throw sqlError(`${source.name}.notes.${title}`, error, 'correct the SQL');
    }
  }
  return notes;
}

async function read(database: Database, source: Source): Promise<void> {
  await checkColumns(database, source);
  const columns = Object.keys(source.columns)
    .map((name) => `${identifier(name)} ${duckdbType[source.columns[name]?.type ?? 'text']}`)
    .join(', ');
  try {
    await database.run(`CREATE TEMP TABLE _ingested (${columns})`);
    await database.run(`INSERT INTO _ingested BY NAME ${source.sql}`);
  } catch (error) {
    throw sqlError(`${source.name}.sql`, error, 'correct the raw file, or the SQL that reads it');
  }
  const rows = await database.rows('SELECT 1 FROM _ingested LIMIT 1');
  if (rows.length === 0) {
    throw new InputError({
      path: `${source.name}.sql`,
      received: '0 rows',
      allowed: 'at least one row',
      action: 'correct the raw files, or the SQL that reads them',
    });
  }
}

/**
 * Reads a source's raw files into a snapshot: `data.parquet` in one order and `manifest.json`. The same input gives the same bytes and
 * thus the same digest. Throws InputError for files that are missing, cut off, empty or hold other columns or types than declared,
 * and for an `outDir` that cannot be written; then the former snapshot, if any, still stands.
 */
export async function ingest(source: Source, options: IngestOptions): Promise<Snapshot> {
  const { outDir, files = {}, environment = {}, onProgress = () => {} } = options;
  const database = await openDatabase(options);
  try {
    onProgress('open');
    await openRawTables(database, source, files, { environment });
    onProgress('read');
    await read(database, source);
    const notes = () => readNotes(database, source);
    return await writeSnapshot(database, source, { from: '_ingested', outDir, notes, onProgress });
  } finally {
    database.close();
  }
}
