import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson, digestOf } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import type { Source } from '@repo/contract/source';
import { ingest, ingestSteps } from '@repo/datasets/ingest';
import { fileSha256, readSnapshot, type Snapshot } from '@repo/datasets/snapshot';
import writeFileAtomic from 'write-file-atomic';
import type { Context } from './context.ts';
import { withLock } from './lock.ts';

/** ingested.json beside a snapshot: what it was made from, null where that cannot be told. */
interface IngestRecord {
  inputs: string | null;
  snapshot: string;
}

const recordPath = ({ workspace }: Context, source: Source) =>
  join(workspace.stageDir(source.name, '.'), 'ingested.json');

const readsDatabase = ({ raw }: Source): boolean => !Object.values(raw).every((one) => one instanceof URL);

/**
 * Digest of what a snapshot is made from, or null when a raw file cannot be read, which ingest then explains. Null also for a table of a
 * database, which changes without a trace: it is read again every time, and the digest of what comes out says whether anything changed.
 */
async function inputsOf(source: Source): Promise<string | null> {
  if (readsDatabase(source)) return null;
  const { key, eventTime, columns, sql, notes = {}, raw } = source;
  try {
    const files = await Promise.all(
      Object.entries(raw).map(async ([table, url]) => [table, await fileSha256(fileURLToPath(url as URL))] as const),
    );
    return digestOf({ key, eventTime, columns, sql, notes, raw: Object.fromEntries(files) });
  } catch {
    return null;
  }
}

/** Makes the snapshot and notes what from, beside it; for a caller that holds the source's lock. */
async function make(context: Context, source: Source): Promise<Snapshot> {
  const { workspace, progress } = context;
  progress.start(`ingest ${source.name}`, ingestSteps.length);
  let done = 0;
  const inputs = await inputsOf(source);
  const snapshot = await ingest(source, {
    outDir: workspace.stageDir(source.name, 'ingest'),
    environment: context.environment,
    onProgress: () => progress.update(++done),
  });
  const record: IngestRecord = { inputs, snapshot: snapshot.digest };
  await writeFileAtomic(recordPath(context, source), canonicalJson(record));
  if (readsDatabase(source)) {
    const known = readOnce.get(workspace) ?? new Map<string, Snapshot>();
    readOnce.set(workspace, known.set(source.name, snapshot));
  }
  return snapshot;
}

/** The snapshot on disk, or null where it is absent, damaged or was made from something else. */
async function atHand(context: Context, source: Source): Promise<Snapshot | null> {
  try {
    const record = JSON.parse(await readFile(recordPath(context, source), 'utf8')) as IngestRecord | null;
    const inputs = await inputsOf(source);
    if (inputs === null || record?.inputs !== inputs) return null;
    const snapshot = await readSnapshot(context.workspace.stageDir(source.name, 'ingest'));
    return snapshot.digest === record.snapshot ? snapshot : null;
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (absent || error instanceof InputError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Runs work while no other command writes the snapshot of this source. */
function alone<T>({ workspace, progress }: Context, { name }: Source, work: () => Promise<T>): Promise<T> {
  const wait = () => progress.line(`waiting for another command on ${name}`);
  return withLock(workspace.lockPath(`source-${name}`), wait, work);
}

/** Snapshots of sources that lie in a database, by the command that read them: all of its stages work on the same rows. */
const readOnce = new WeakMap<Context['workspace'], Map<string, Snapshot>>();

/** Ingests a source into its stage folder, whatever stands there. */
export function ingestSource(context: Context, source: Source): Promise<Snapshot> {
  return alone(context, source, () => make(context, source));
}

/** The snapshot of a source as its files and SQL are now: the one on disk when it was made from these, else a new one. */
export async function currentSnapshot(context: Context, source: Source): Promise<Snapshot> {
  const found = readOnce.get(context.workspace)?.get(source.name) ?? (await atHand(context, source));
  if (found !== null) return found;
  // Looked at again, as another command may have made it while this one waited.
  return alone(context, source, async () => (await atHand(context, source)) ?? make(context, source));
}
