import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import type { Appended, AppendOutcome } from '@repo/datasets/lake/append-batch';
import type { Batch, BatchStream } from '@repo/datasets/lake/batch-stream';
import { batchFiles, followFolder } from '@repo/datasets/lake/follow-folder';
import { UnreadableBatch } from '@repo/datasets/lake/unreadable-batch';
import type { Lake } from '@repo/datasets/open-lake';
import { isStreamUrl } from '@repo/features/stream-address';
import type { Context } from '../context.ts';
import { followStream } from '../follow-stream.ts';
import type { Outcome } from '../outcome.ts';
import { withLake } from '../snapshots.ts';
import { loadSource } from '../workspace.ts';

export interface IngestBatchesOptions {
  /** A file, a folder, `-` for standard input, or the URL of a stream. */
  readonly from: string;
  /** Go on with what comes. */
  readonly follow: boolean;
  /** What standard input holds. */
  readonly kind: 'jsonl' | 'csv';
  /** Consumer group of a stream. */
  readonly group: string;
}

/** What one run did, batch by batch. */
export interface IngestReport {
  readonly source: string;
  readonly batches: Appended[];
  /** Batches that could not be read, and why. */
  readonly unreadable: readonly { name: string; problem: string }[];
  /** The newest snapshot; null for a lake without a batch. */
  readonly snapshot: { number: number; digest: string; rows: number } | null;
}

const listed = (rules: Readonly<Record<string, number>>): string =>
  Object.entries(rules)
    .map(([rule, rows]) => `${rule} ${rows}`)
    .join(', ');

/** One batch in one line; what was kept out lies below the state folder. */
function lineOf(source: string, { outcome, name, rows, accepted, quarantined, rules, quarantine }: Appended): string {
  if (outcome === 'duplicate') return `${name}: duplicate of a batch with ${rows} rows`;
  const place = `lake/${source}/${quarantine}`;
  const why = quarantined === 0 ? '' : `, ${quarantined} quarantined in ${place} (${listed(rules)})`;
  return outcome === 'refused' ? `${name}: refused as a whole${why}` : `${name}: ${accepted} rows accepted${why}`;
}

function existing({ workingDir }: Context, from: string) {
  const path = resolve(workingDir, from);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) return { path, isFolder: found.isDirectory() };
  throw new InputError({
    path: 'ingest',
    received: `${show(from)}, which does not exist`,
    allowed: 'a file, a folder, a stream or -',
    action: 'correct the path',
  });
}

/** What goes on: a folder, or a stream of Redis. */
async function streamOf(context: Context, { from, group }: IngestBatchesOptions): Promise<BatchStream> {
  if (!isStreamUrl(from)) return followFolder({ folder: existing(context, from).path });
  const { openRedisBatchStream } = await import('@repo/features/redis-batch-stream');
  return openRedisBatchStream({ url: from, group, onNote: (note) => context.progress.line(note) });
}

/** The batches that the command line names. Throws InputError where there is nothing. */
async function batchesOf(context: Context, { from, kind }: IngestBatchesOptions): Promise<Batch[]> {
  if (from === '-') return [{ name: 'standard input', kind, text: await context.readStandardInput() }];
  const { path, isFolder } = existing(context, from);
  if (!isFolder) return [{ name: from, path }];
  const names = await batchFiles(path);
  if (names.length > 0) return names.map((name) => ({ name, path: join(path, name) }));
  throw new InputError({
    path: 'ingest',
    received: `${show(from)}, without a batch`,
    allowed: '.parquet, .csv or .jsonl files in it',
    action: 'put files there',
  });
}

interface Done {
  readonly batches: Appended[];
  readonly unreadable: { name: string; error: InputError }[];
}

/** Appends batches; one that cannot be read does not keep the others from the lake. */
async function appendAll({ nowUs }: Context, lake: Lake, batches: readonly Batch[]): Promise<Done> {
  const done: Done = { batches: [], unreadable: [] };
  for (const batch of batches) {
    try {
      done.batches.push(await lake.append(batch, nowUs));
    } catch (error) {
      if (!(error instanceof UnreadableBatch)) throw error;
      done.unreadable.push({ name: batch.name, error });
    }
  }
  return done;
}

const countOf = (batches: readonly Appended[], outcome: AppendOutcome): number =>
  batches.filter((batch) => batch.outcome === outcome).length;

function textOf({ source, batches, unreadable, snapshot }: IngestReport, follow: boolean): string {
  const sum = (count: (batch: Appended) => number) => batches.reduce((total, batch) => total + count(batch), 0);
  const counts = [
    `${countOf(batches, 'accepted')} batches accepted (${sum((b) => b.accepted)} rows)`,
    `${countOf(batches, 'duplicate')} duplicate`,
    `${countOf(batches, 'refused')} refused`,
    `${sum((b) => b.quarantined)} rows quarantined`,
  ].join(', ');
  const newest = snapshot === null ? 'no snapshot yet' : `snapshot ${snapshot.number}, ${snapshot.digest}`;
  const problems = unreadable.map(({ problem }) => problem);
  const lines = batches.map((batch) => lineOf(source, batch));
  return [...problems, ...lines, `${source}: ${follow ? 'stopped' : counts}; ${newest}`].join('\n');
}

/**
 * `causeway ingest <source> <file|folder|->`: appends batches to the lake of a source. Exit 0 all accepted or there already, 1 a batch was
 * refused by its rules, 2 one of a folder could not be read. With `follow` it goes on until it is stopped, keeps the online store as new,
 * says each batch in the progress and forgets it, and exits with 0. Throws InputError where nothing could be read.
 */
export async function ingestBatches(context: Context, name: string, options: IngestBatchesOptions): Promise<Outcome> {
  const source = await loadSource(context.workspace, name);
  const stream = options.follow ? await streamOf(context, options) : null;
  const batches = stream === null ? await batchesOf(context, options) : [];
  return withLake(context, source, async (lake) => {
    const say = (one: Appended, refreshed: number) =>
      context.progress.line(`${lineOf(name, one)}${refreshed === 0 ? '' : `, ${refreshed} rows refreshed online`}`);
    if (stream !== null) await followStream(context, source, lake, stream, say);
    const { batches: done, unreadable } = await appendAll(context, lake, batches);
    if (done.length === 0 && unreadable.length > 0)
      throw new InputError(unreadable.flatMap(({ error }) => error.problems));
    const head = await lake.head();
    const snapshot =
      head === null ? null : { number: head.snapshot.number, digest: head.digest, rows: head.snapshot.rows };
    const problems = unreadable.map((one) => ({ name: one.name, problem: one.error.message }));
    const report: IngestReport = { source: name, batches: done, unreadable: problems, snapshot };
    const exitCode = countOf(done, 'refused') > 0 ? 1 : 0;
    return { exitCode: problems.length > 0 ? 2 : exitCode, json: report, text: textOf(report, options.follow) };
  });
}
