import type { InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import type { Environment } from '../load-extension.ts';
import type { RawFiles } from '../raw-tables.ts';
import { type Appended, appendBatch } from './append-batch.ts';
import type { Batch } from './batch-stream.ts';
import { compactLake, rowFiles } from './compact-lake.ts';
import { joinBatches } from './join-batches.ts';
import { LakeFiles } from './lake-files.ts';
import { type FileLimit, partLimit } from './lake-limits.ts';
import { type LakeSession, openLakeSession } from './lake-session.ts';
import type { LakeHead } from './lake-snapshot.ts';
import { tableOfLake } from './table-of-lake.ts';

export interface TableSqlOptions {
  /** Parquet file with the rows of the declared raw files, as ingest wrote it; null for the batches alone. */
  readonly base: string | null;
  /** The table as it was known at this moment: batches without what was observed later. Default: all that is visible. */
  readonly atObservedUs?: InstantUs;
  /** The table as it was before the batch with this number became visible. Default: with all batches. */
  readonly before?: number;
}

export interface LakeOptions {
  readonly source: Source;
  /** CAUSEWAY_STATE: the lake lies in `lake/<source>` below it. */
  readonly stateUrl: string;
  readonly workspaceDir: string;
  /** Raw files in place of the declared ones, by table name; batches are held to the columns of the first. */
  readonly files?: RawFiles;
  /** Environment variables, which say where the databases of `sqlTable` are. Default none. */
  readonly environment?: Environment;
  /** Largest share of a batch's rows that may be quarantined before the whole batch is. Default 0.05; one row alone condemns no batch. */
  readonly tolerance?: number;
  /** Batches after which they are joined in one file. Default 64. */
  readonly compactEvery?: number;
  /** Most that a joined file holds. Default {@link partLimit}. */
  readonly mostInPart?: FileLimit;
}

/** Continuous data of one source: immutable batches, and snapshots that say which of them count. */
export interface Lake {
  /** Opens what batches are worked on with, which the first one waits for otherwise. Throws InputError for raw files that cannot be read. */
  open(): Promise<void>;
  /**
   * Checks a batch and makes it visible in the next snapshot, all of it or nothing. Throws InputError for a file that cannot be read or
   * has other columns than the raw table; rows that break rules are no error but quarantined.
   */
  append(batch: Batch, nowUs: InstantUs): Promise<Appended>;
  /** The newest snapshot; null for a lake without a batch. */
  head(): Promise<LakeHead | null>;
  /**
   * A DuckDB relation, `(SELECT ...)`, of the table: the source's columns and `_observed_at`, which is null for rows of `base`. For each
   * key the row observed last counts, and any row of a batch before one of `base`. Its files are on this machine when it resolves.
   */
  tableSql(options: TableSqlOptions): Promise<string>;
  /**
   * A DuckDB SELECT of the rows of batches with a number above this one: the source's columns, `_observed_at`, and `_number` of the batch. What
   * corrects a row and what it corrects are both there.
   */
  changesSql(afterNumber: number): Promise<string>;
  /** Joins batches in one file, though there are few; the table stays the same. */
  compact(): Promise<LakeHead | null>;
  close(): Promise<void>;
}

/** The same work, one after the other: a lake has one database. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work);
    last = result.catch(() => {});
    return result;
  };
}

/** Opens the lake of a source. Nothing is read or made until it is used; the caller closes it. */
export function openLake(options: LakeOptions): Lake {
  const { source, stateUrl, workspaceDir, files = {}, environment = {}, tolerance = 0.05 } = options;
  const { compactEvery = 64, mostInPart: limit = partLimit } = options;
  const lake = new LakeFiles(source.name, stateUrl, workspaceDir);
  const inTurn = createQueue();
  let session: Promise<LakeSession> | null = null;
  const opened = () => (session ??= openLakeSession(source, files, environment));
  const compact = async (least: number) =>
    compactLake(source, lake, await opened(), { every: compactEvery, least, limit });
  return {
    open: async () => void (await opened()),
    append: (batch, nowUs) =>
      inTurn(async () => {
        const appended = await appendBatch(source, lake, await opened(), { batch, nowUs, tolerance });
        const head = await lake.head();
        if ((head?.snapshot.batches.length ?? 0) >= compactEvery) await compact(compactEvery);
        return appended;
      }),
    head: () => lake.head(),
    compact: () => inTurn(() => compact(1)),
    tableSql: async ({ base, atObservedUs = null, before = null }) => {
      const head = await lake.head();
      const rows = head === null ? [] : await rowFiles(lake, head.snapshot);
      return tableOfLake(source, rows, { base, atObservedUs, before });
    },
    changesSql: async (afterNumber) => {
      const head = await lake.head();
      const parts = (head?.snapshot.parts ?? []).filter(({ numbers }) => numbers[1] > afterNumber);
      const batches = (head?.snapshot.batches ?? []).filter(({ number }) => number > afterNumber);
      const rows = await rowFiles(lake, { parts, batches });
      return `SELECT * FROM (${joinBatches(source, rows)}) WHERE _number > ${afterNumber}`;
    },
    async close() {
      await session?.then(
        (one) => one.close(),
        () => {},
      );
      session = null;
    },
  };
}
