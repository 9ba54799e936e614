import type { InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import type { Batch } from './batch-stream.ts';
import type { LakeFiles } from './lake-files.ts';
import type { LakeSession } from './lake-session.ts';
import type { LakeBatch, LakeHead, LakeSnapshot } from './lake-snapshot.ts';
import { type PreparedBatch, prepareBatch } from './prepare-batch.ts';
import { batchPath, type ReadBatch, readBatch } from './read-batch.ts';

/** What became of a batch. */
export const AppendOutcome = {
  /** In the table, but for the rows that are quarantined. */
  accepted: 'accepted',
  /** In the lake already: nothing changed. */
  duplicate: 'duplicate',
  /** Quarantined as a whole: nothing of it is in the table. */
  refused: 'refused',
} as const;
export type AppendOutcome = (typeof AppendOutcome)[keyof typeof AppendOutcome];

/** What became of a batch, and why. */
export interface Appended {
  readonly outcome: AppendOutcome;
  /** SHA-256 of the raw rows. */
  readonly id: string;
  /** Name of the batch. */
  readonly name: string;
  /** Raw rows that came, and how many of them came again within the batch. */
  readonly rows: number;
  readonly repeated: number;
  /** Rows in the table, and rows in the quarantine file. */
  readonly accepted: number;
  readonly quarantined: number;
  /** Rows that each rule kept out, by its id. A row that breaks two rules counts in both. */
  readonly rules: Readonly<Record<string, number>>;
  /** The file with the quarantined rows, below the lake's folder; null without any. */
  readonly quarantine: string | null;
  /** Positions of the rows that a rule keeps out, from 0, for a batch that came as text; empty for a file. */
  readonly keptOut: readonly number[];
  /** The batch as the lake holds it; null when it was refused. */
  readonly batch: LakeBatch | null;
}

export interface AppendOptions {
  readonly batch: Batch;
  readonly nowUs: InstantUs;
  readonly tolerance: number;
}

/** The batch with this id that a snapshot holds, be it in a part; null without one. */
async function findBatch(files: LakeFiles, head: LakeHead | null, id: string): Promise<LakeBatch | null> {
  const found = head?.snapshot.batches.find((batch) => batch.id === id);
  if (found !== undefined) return found;
  for (const part of head?.snapshot.parts ?? []) {
    const one = (await files.batchesOf(part)).get(id);
    if (one !== undefined) return one;
  }
  return null;
}

function nextSnapshot(source: Source, head: LakeHead | null, batch: Omit<LakeBatch, 'number'>): LakeSnapshot {
  const number = (head?.snapshot.number ?? 0) + 1;
  return {
    schemaVersion: 1,
    source: source.name,
    number,
    previous: head?.digest ?? null,
    parts: head?.snapshot.parts ?? [],
    batches: [...(head?.snapshot.batches ?? []), { ...batch, number }],
    rows: (head?.snapshot.rows ?? 0) + batch.rows,
  };
}

/** Makes a batch visible; answers it as it is held, and whether somebody else had made it visible meanwhile. */
async function publish(source: Source, files: LakeFiles, batch: Omit<LakeBatch, 'number'>) {
  for (;;) {
    const head = await files.head();
    const held = await findBatch(files, head, batch.id);
    if (held !== null) return { held, isNew: false };
    const snapshot = nextSnapshot(source, head, batch);
    if (await files.tryPublish(snapshot)) return { held: { ...batch, number: snapshot.number }, isNew: true };
  }
}

/** Positions of the rows in `batch_broken`, or of all where the batch is refused. */
async function keptOutLines({ database }: LakeSession, batch: Batch, isRefused: boolean): Promise<number[]> {
  if ('path' in batch) return [];
  const broken = 'WHERE _row IN (SELECT _row FROM batch_broken)';
  const rows = await database.rows(
    `SELECT _line FROM batch_lines SEMI JOIN (SELECT _text FROM batch_rows ${isRefused ? '' : broken}) USING (_text) ORDER BY _line`,
  );
  return rows.map(({ _line }) => Number(_line));
}

async function keep(source: Source, files: LakeFiles, { id }: ReadBatch, prepared: PreparedBatch) {
  const { quarantine, quarantined, content, accepted: rows, eventTimeUs, observedUs } = prepared;
  const kept = quarantine === null ? null : await files.put('quarantine', quarantine, 'parquet');
  if (content === null) return { path: kept?.file ?? null, held: null, isNew: false };
  const batch = {
    ...{ id, rows, eventTimeUs, observedUs },
    ...(await files.put('batches', content, 'parquet')),
    quarantined: kept === null ? null : { ...kept, rows: quarantined },
  };
  return { path: kept?.file ?? null, ...(await publish(source, files, batch)) };
}

/**
 * Reads a batch, holds it to the rules of rows, keeps what breaks them apart, and makes the rest visible in the next snapshot: the quarantine
 * first, then the rows, then the snapshot, each whole or not at all, so that whoever is interrupted does it again and nothing is lost
 * or there twice. Throws InputError for a file that cannot be read or has other columns than the raw table.
 */
export async function appendBatch(
  source: Source,
  files: LakeFiles,
  session: LakeSession,
  { batch, nowUs, tolerance }: AppendOptions,
): Promise<Appended> {
  const { database, folder, columns } = session;
  const { name } = batch;
  const file = { name, path: batchPath(batch, folder), isText: !('path' in batch) };
  const read = await readBatch(database, source, columns, file);
  const { id, rows, repeated } = read;
  const duplicate = (held: LakeBatch, keptOut: readonly number[]): Appended => ({
    ...{ outcome: 'duplicate', id, name, rows, repeated, accepted: 0, quarantined: 0, rules: {} },
    ...{ quarantine: held.quarantined?.file ?? null, keptOut, batch: held },
  });
  const known = await findBatch(files, await files.head(), id);
  if (known !== null && (known.quarantined === null || !file.isText)) return duplicate(known, []);
  const prepared = await prepareBatch(session, source, read, { nowUs, tolerance });
  const keptOut = prepared.quarantined === 0 ? [] : await keptOutLines(session, batch, prepared.isRefused);
  if (known !== null) return duplicate(known, keptOut);
  const { path, held, isNew } = await keep(source, files, read, prepared);
  if (held !== null && !isNew) return duplicate(held, keptOut);
  const { accepted, quarantined, rules } = prepared;
  const outcome = held === null ? 'refused' : 'accepted';
  return { outcome, id, name, rows, repeated, accepted, quarantined, rules, quarantine: path, keptOut, batch: held };
}
