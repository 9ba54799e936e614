import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import type { Appended, AppendOutcome } from '@repo/datasets/lake/append-batch';
import type { Batch, BatchStream } from '@repo/datasets/lake/batch-stream';
import { batchFiles, followFolder } from '@repo/datasets/lake/follow-folder';
import { UnreadableBatch } from '@repo/datasets/lake/unreadable-batch';
import type { Lake } from '@repo/datasets/open-lake';
import type { Context } from '../context.ts';
import type { Outcome } from '../outcome.ts';
import { withLake } from '../snapshots.ts';
import { loadSource } from '../workspace.ts';

export interface IngestBatchesOptions {
  /** A file, a folder, or `-` for standard input. */
  readonly from: string;
  /** Go on with what comes. */
  readonly follow: boolean;
  /** What standard input holds. */
  readonly kind: 'jsonl' | 'csv';
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

async function* inOrder(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

/** What comes from a stream until somebody wants the command to end. A batch is acknowledged once it was appended, or refused for good. */
async function* until(stream: BatchStream, stopped: Promise<void>): AsyncGenerator<Batch> {
  void stopped.then(() => stream.close());
  try {
    for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
      yield batch;
      await stream.acknowledge(batch);
    }
  } finally {
    await stream.close();
  }
}

/** The batches that the command line names. Throws InputError where there is nothing. */
async function batchesOf(
  context: Context,
  { from, follow, kind }: IngestBatchesOptions,
): Promise<AsyncGenerator<Batch>> {
  if (from === '-') return inOrder([{ name: 'standard input', kind, text: await context.readStandardInput() }]);
  const path = resolve(context.workingDir, from);
  const found = statSync(path, { throwIfNoEntry: false });
  const refuse = (received: string, allowed: string, action: string): never => {
    throw new InputError({ path: 'ingest', received: `${show(from)}, ${received}`, allowed, action });
  };
  if (found === undefined) return refuse('which does not exist', 'a file, a folder or -', 'correct the path');
  if (follow) return until(followFolder({ folder: path }), context.untilStopped());
  if (!found.isDirectory()) return inOrder([{ name: from, path }]);
  const names = await batchFiles(path);
  if (names.length === 0) return refuse('without a batch', '.parquet, .csv or .jsonl files in it', 'put files there');
  return inOrder(names.map((name) => ({ name, path: join(path, name) })));
}

interface Done {
  readonly batches: Appended[];
  readonly unreadable: { name: string; error: InputError }[];
}

/** Appends what comes; a batch that cannot be read does not keep the others from the lake. */
async function appendAll(
  { nowUs, progress }: Context,
  lake: Lake,
  batches: AsyncGenerator<Batch>,
  say: ((done: Appended) => void) | null,
): Promise<Done> {
  const done: Done = { batches: [], unreadable: [] };
  for await (const batch of batches) {
    try {
      const appended = await lake.append(batch, say === null ? nowUs : Date.now() * 1000);
      // A run that goes on for days says what it did and forgets it.
      if (say === null) done.batches.push(appended);
      else say(appended);
    } catch (error) {
      if (!(error instanceof UnreadableBatch)) throw error;
      if (say === null) done.unreadable.push({ name: batch.name, error });
      else progress.line(`not taken: ${error.message}`);
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
 * refused by its rules, 2 one of a folder could not be read. With `follow` it goes on until it is stopped, and exits with 0. Throws
 * InputError where nothing could be read.
 */
export async function ingestBatches(context: Context, name: string, options: IngestBatchesOptions): Promise<Outcome> {
  const source = await loadSource(context.workspace, name);
  const batches = await batchesOf(context, options);
  const say = options.follow ? (one: Appended) => context.progress.line(lineOf(name, one)) : null;
  return withLake(context, source, async (lake) => {
    const { batches: done, unreadable } = await appendAll(context, lake, batches, say);
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
