import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, digestOf } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import type { SnapshotManifest } from '@repo/contract/manifest';
import type { Source } from '@repo/contract/source';
import { columnTypeOf, duckdbType } from './column-type.ts';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import { replaceFolder } from './folder.ts';
import type { Environment } from './load-extension.ts';
import { openRawTables, type RawFiles, sqlError } from './raw-tables.ts';
import { fileSha256, type Snapshot, snapshotFiles } from './snapshot.ts';
import { identifier, quoteText } from './sql-text.ts';

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

/** Orders rows by event time, then key, then all else: one order only, whatever the raw order and the number of threads. */
async function writeRows(database: Database, source: Source, path: string): Promise<void> {
  const columns = Object.keys(source.columns).map(identifier);
  const first = [...(source.eventTime === null ? [] : [source.eventTime]), ...source.key].map(identifier);
  const order = [...new Set([...first, ...columns])].join(', ');
  await database.run(
    `COPY (SELECT ${columns.join(', ')} FROM _ingested ORDER BY ${order})
     TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
  );
}

async function describe(database: Database, source: Source, dataPath: string): Promise<SnapshotManifest> {
  const time = source.eventTime === null ? 'NULL' : `epoch_us(${identifier(source.eventTime)})`;
  const [range] = await database.rows(`SELECT count(*) AS n, min(${time}) AS low, max(${time}) AS high FROM _ingested`);
  const { n, low, high } = range ?? {};
  return {
    schemaVersion: 1,
    source: source.name,
    files: [{ path: snapshotFiles.data, sha256: await fileSha256(dataPath), bytes: statSync(dataPath).size }],
    schemaDigest: digestOf(Object.entries(source.columns).map(([name, column]) => [name, column.type])),
    rows: Number(n),
    eventTimeUs: typeof low === 'bigint' && typeof high === 'bigint' ? [Number(low), Number(high)] : null,
    notes: await readNotes(database, source),
  };
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
    const manifest = await replaceFolder(outDir, Object.values(snapshotFiles), async (folder) => {
      const dataPath = join(folder, snapshotFiles.data);
      onProgress('write');
      await writeRows(database, source, dataPath);
      onProgress('digest');
      const made = await describe(database, source, dataPath);
      writeFileSync(join(folder, snapshotFiles.manifest), canonicalJson(made));
      return made;
    });
    return { manifest, digest: digestOf(manifest), dataPath: join(outDir, snapshotFiles.data) };
  } finally {
    database.close();
  }
}
