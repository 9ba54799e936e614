import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, digestOf } from '@repo/contract/canonical-json';
import type { SnapshotManifest } from '@repo/contract/manifest';
import type { Source } from '@repo/contract/source';
import type { Database } from './database.ts';
import { replaceFolder } from './folder.ts';
import { fileSha256, type Snapshot, snapshotFiles } from './snapshot.ts';
import { identifier, quoteText } from './sql-text.ts';

export interface WriteSnapshotOptions {
  /** Relation with the source's columns. */
  from: string;
  /** Folder of the snapshot; made if missing, replaced as a whole if it holds a former snapshot. */
  outDir: string;
  notes: () => Promise<SnapshotManifest['notes']>;
  /** Called as each step begins. */
  onProgress: (step: 'write' | 'digest') => void;
}

/** Orders rows by event time, then key, then all else: one order only, whatever the raw order and the number of threads. */
async function writeRows(database: Database, source: Source, from: string, path: string): Promise<void> {
  const columns = Object.keys(source.columns).map(identifier);
  const first = [...(source.eventTime === null ? [] : [source.eventTime]), ...source.key].map(identifier);
  const order = [...new Set([...first, ...columns])].join(', ');
  await database.run(
    `COPY (SELECT ${columns.join(', ')} FROM ${from} ORDER BY ${order})
     TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
  );
}

async function describe(
  database: Database,
  source: Source,
  dataPath: string,
): Promise<Omit<SnapshotManifest, 'notes'>> {
  const time = source.eventTime === null ? 'NULL' : `epoch_us(${identifier(source.eventTime)})`;
  const [range] = await database.rows(
    `SELECT count(*) AS n, min(${time}) AS low, max(${time}) AS high FROM read_parquet(${quoteText(dataPath)}, hive_partitioning = false)`,
  );
  const { n, low, high } = range ?? {};
  return {
    schemaVersion: 1,
    source: source.name,
    files: [{ path: snapshotFiles.data, sha256: await fileSha256(dataPath), bytes: statSync(dataPath).size }],
    schemaDigest: digestOf(Object.entries(source.columns).map(([name, column]) => [name, column.type])),
    rows: Number(n),
    eventTimeUs: typeof low === 'bigint' && typeof high === 'bigint' ? [Number(low), Number(high)] : null,
  };
}

/** Writes rows of a source as a snapshot: `data.parquet` in one order and `manifest.json`. The same rows give the same bytes. */
export async function writeSnapshot(
  database: Database,
  source: Source,
  { from, outDir, notes, onProgress }: WriteSnapshotOptions,
): Promise<Snapshot> {
  const manifest = await replaceFolder(outDir, Object.values(snapshotFiles), async (folder) => {
    const dataPath = join(folder, snapshotFiles.data);
    onProgress('write');
    await writeRows(database, source, from, dataPath);
    onProgress('digest');
    const made = { ...(await describe(database, source, dataPath)), notes: await notes() };
    writeFileSync(join(folder, snapshotFiles.manifest), canonicalJson(made));
    return made;
  });
  return { manifest, digest: digestOf(manifest), dataPath: join(outDir, snapshotFiles.data) };
}
