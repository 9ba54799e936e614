import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson, digestOf } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import type { Source } from '@repo/contract/source';
import { ingest, ingestSteps } from '@repo/datasets/ingest';
import type { LakeHead } from '@repo/datasets/lake/lake-snapshot';
import { writeTable } from '@repo/datasets/lake/write-table';
import { type Lake, openLake } from '@repo/datasets/open-lake';
import { fileSha256, readSnapshot, type Snapshot } from '@repo/datasets/snapshot';
import writeFileAtomic from 'write-file-atomic';
import type { Context } from './context.ts';
import { largeTables } from './large-tables.ts';
import { withLock } from './lock.ts';

/** What a snapshot is kept as: the one that everything reads, or with a lake what it is made from, the declared raw files alone. */
type Kept = 'ingest' | 'base';

/** ingested.json beside a snapshot: what it was made from, null where that cannot be told. */
interface IngestRecord {
  inputs: string | null;
  snapshot: string;
}

const recordPath = ({ workspace }: Context, source: Source, kept: Kept) =>
  join(workspace.stageDir(source.name, '.'), kept === 'ingest' ? 'ingested.json' : 'base.json');

const readsDatabase = ({ raw }: Source): boolean => !Object.values(raw).every((one) => one instanceof URL);

/**
 * Snapshots of sources that lie in a database, by the command that read them: all of its stages work on the same rows.
 */
const readOnce = new WeakMap<Context['workspace'], Map<string, Snapshot>>();

/**
 * Digest of what a snapshot is made from, or null when a raw file cannot be read, which ingest then explains. Null also for a table of a
 * database, which changes without a trace: every command reads it again, and the digest of what comes out says whether anything changed.
 */
async function inputsOf({ observedUntilUs }: Context, source: Source, head: LakeHead | null): Promise<string | null> {
  if (readsDatabase(source)) return null;
  const { key, eventTime, columns, sql, notes = {}, raw } = source;
  try {
    const files = await Promise.all(
      Object.entries(raw).map(async ([table, url]) => [table, await fileSha256(fileURLToPath(url as URL))] as const),
    );
    const lake =
      head === null ? {} : { lake: head.digest, ...(observedUntilUs === undefined ? {} : { observedUntilUs }) };
    return digestOf({ key, eventTime, columns, sql, notes, raw: Object.fromEntries(files), ...lake });
  } catch {
    return null;
  }
}

/** Keeps the snapshot that `write` makes and notes what from, beside it; for a caller that holds the source's lock. */
async function keep(
  context: Context,
  source: Source,
  kept: Kept,
  head: LakeHead | null,
  write: (outDir: string) => Promise<Snapshot>,
): Promise<Snapshot> {
  const inputs = await inputsOf(context, source, head);
  const snapshot = await write(context.workspace.stageDir(source.name, kept));
  const record: IngestRecord = { inputs, snapshot: snapshot.digest };
  await writeFileAtomic(recordPath(context, source, kept), canonicalJson(record));
  if (readsDatabase(source) && kept === 'ingest') {
    const known = readOnce.get(context.workspace) ?? new Map<string, Snapshot>();
    readOnce.set(context.workspace, known.set(source.name, snapshot));
  }
  return snapshot;
}

async function makeBase(context: Context, source: Source, kept: Kept): Promise<Snapshot> {
  context.progress.start(`ingest ${source.name}`, ingestSteps.length);
  let done = 0;
  return keep(context, source, kept, null, (outDir) =>
    ingest(source, { outDir, environment: context.environment, onProgress: () => context.progress.update(++done) }),
  );
}

/** The base on disk when it is still what the raw files say, else a new one; for a caller that holds the source's lock. */
const currentBase = async (context: Context, source: Source): Promise<Snapshot> =>
  (await atHand(context, source, 'base', null)) ?? makeBase(context, source, 'base');

/** Makes the snapshot: of the raw files alone where no batch was ever appended, else of the table of both. */
async function make(context: Context, source: Source, lake: Lake, anew: boolean): Promise<Snapshot> {
  const head = await lake.head();
  if (head === null) return makeBase(context, source, 'ingest');
  const base = await (anew ? makeBase(context, source, 'base') : currentBase(context, source));
  context.progress.start(`join batches of ${source.name}`, 2);
  let done = 0;
  const { observedUntilUs: atObservedUs } = context;
  return keep(context, source, 'ingest', head, (outDir) =>
    writeTable(source, lake, {
      ...{ ...largeTables, base, outDir, onProgress: () => context.progress.update(++done) },
      ...(atObservedUs === undefined ? {} : { atObservedUs }),
    }),
  );
}

/** The snapshot on disk, or null where it is absent, damaged or was made from something else. */
async function atHand(context: Context, source: Source, kept: Kept, head: LakeHead | null): Promise<Snapshot | null> {
  try {
    const record = JSON.parse(await readFile(recordPath(context, source, kept), 'utf8')) as IngestRecord | null;
    const inputs = await inputsOf(context, source, head);
    if (inputs === null || record?.inputs !== inputs) return null;
    const snapshot = await readSnapshot(context.workspace.stageDir(source.name, kept));
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

/** Runs work with the lake of a source, which need not exist. */
export async function withLake<T>(
  { stateUrl, workspace, environment }: Context,
  source: Source,
  work: (lake: Lake) => Promise<T>,
): Promise<T> {
  const lake = openLake({ source, stateUrl, workspaceDir: workspace.root, environment });
  try {
    return await work(lake);
  } finally {
    await lake.close();
  }
}

/** The snapshot of the declared raw files alone, to which the batches of a lake are added. */
export function baseSnapshot(context: Context, source: Source): Promise<Snapshot> {
  return alone(context, source, () => currentBase(context, source));
}

/** Ingests a source into its stage folder, whatever stands there. */
export function ingestSource(context: Context, source: Source): Promise<Snapshot> {
  return withLake(context, source, (lake) => alone(context, source, () => make(context, source, lake, true)));
}

/**
 * The snapshot of a source as its files, SQL and batches are now: the one on disk when it was made from these, else a new one. A source
 * without a lake has that of its raw files.
 */
export function currentSnapshot(context: Context, source: Source): Promise<Snapshot> {
  return withLake(context, source, async (lake) => {
    const current = async () =>
      readOnce.get(context.workspace)?.get(source.name) ?? atHand(context, source, 'ingest', await lake.head());
    const found = await current();
    if (found !== null) return found;
    // Looked at again, as another command may have made it while this one waited.
    return alone(context, source, async () => (await current()) ?? make(context, source, lake, false));
  });
}
