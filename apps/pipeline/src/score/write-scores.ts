import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import type { Scorable } from './scorable.ts';

/** Where the answers come from. */
export interface Scored {
  readonly contract: ModelContract;
  readonly version: number;
  readonly digest: string;
  readonly scorable: Scorable;
  /** Table of one column `answer`, a row for each row of the file. */
  readonly answers: string;
}

// Snappy: zstd takes half as long again for a tenth less.
/** How each kind of file is written, and reasons in it, which come as words with a space between. */
const writers: Readonly<Record<string, { options: string; reasons: (words: string) => string }>> = {
  '.parquet': { options: 'FORMAT parquet, COMPRESSION snappy', reasons: listOf },
  '.csv': { options: 'FORMAT csv, HEADER', reasons: (words) => words },
  '.jsonl': { options: 'FORMAT json', reasons: listOf },
};

/** Two times as fast as a list that is filtered. */
function listOf(words: string): string {
  return `list_filter(string_split(${words}, ' '), lambda word: word <> '')`;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Throws InputError unless the file may be written: its ending says how, it is not the one that is read, and its folder is there. */
export function checkTarget(path: string, from: string): void {
  const allowed = Object.keys(writers).join(', ');
  if (writers[extname(path)] === undefined)
    throw new InputError({
      path: '--out',
      received: show(path),
      allowed,
      action: 'give the file one of these endings',
    });
  if (path === from)
    throw new InputError({
      path: '--out',
      received: show(path),
      allowed: 'another file than the one that is read',
      action: 'name another',
    });
  if (!existsSync(dirname(path)))
    throw new InputError({
      path: '--out',
      received: `${show(path)}, whose folder does not exist`,
      allowed: 'a file in a folder that exists',
      action: 'make the folder, or name another',
    });
}

/** SQL of the answer's columns by their names, which are those of the service. */
function answerColumns({ contract, version, digest, scorable }: Scored, reasons: (words: string) => string) {
  const { task, threshold, output } = contract;
  const { refused, features, columns } = scorable;
  const inRange = task === 'binary' ? ' AND a.answer BETWEEN 0 AND 1' : '';
  const value = `CASE WHEN (${refused}) IS NULL AND isfinite(a.answer)${inRange} THEN a.answer END`;
  const words = `CASE WHEN (${refused}) IS NOT NULL THEN (${refused}) WHEN (${value}) IS NULL THEN 'inference_failed'
    ELSE concat_ws(' ', ${features.map(({ reason }) => reason).join(', ')}) END`;
  return {
    [output.name]: value,
    ...(threshold === null ? {} : { decision: `${value} >= ${threshold}::DOUBLE` }),
    model_version: quoteText(String(version)),
    model_digest: quoteText(digest),
    ...columns,
    degraded_reasons: reasons(words),
  };
}

/** Throws InputError for a column of the file that goes by the name of one that may be added. */
export function checkNames(columns: Iterable<string>, { output }: ModelContract): void {
  const added = [output.name, 'decision', 'model_version', 'model_digest', 'features_as_of', 'degraded_reasons'];
  const taken = [...columns].filter((name) => added.includes(name.toLowerCase()));
  if (taken.length === 0) return;
  const allowed = `columns other than ${added.join(', ')}, which are added`;
  throw new InputError({ path: 'file', received: taken.join(', '), allowed, action: 'rename them, or leave them out' });
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** SELECT of the columns of the file and those of the answers, in the form that the file at `path` has. */
export function scoresSql(path: string, scored: Scored): string {
  const { reasons } = writers[extname(path)] as (typeof writers)[string];
  const columns = Object.entries(answerColumns(scored, reasons)).map(([name, sql]) => `${sql} AS ${quoted(name)}`);
  return `SELECT t.*, ${columns.join(', ')} FROM ${scored.scorable.from} POSITIONAL JOIN ${scored.answers} a`;
}

/** Writes the rows of a SELECT; the file appears whole or not at all. */
export async function writeRows(database: Database, path: string, sql: string): Promise<void> {
  const { options } = writers[extname(path)] as (typeof writers)[string];
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await database.run(`COPY (${sql}) TO ${quoteText(temporary)} (${options})`);
    await sync(temporary);
    await rename(temporary, path);
    await sync(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}
