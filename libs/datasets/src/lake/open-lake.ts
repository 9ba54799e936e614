import type { InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import type { RawFiles } from '../raw-tables.ts';
import type { Batch } from './batch-stream.ts';
import type { LakeBatch, LakeSnapshot } from './lake-snapshot.ts';

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

/** What {@link Lake.append} did. */
export interface Appended {
  readonly outcome: AppendOutcome;
  /** SHA-256 of the raw rows. */
  readonly id: string;
  /** Name of the batch. */
  readonly name: string;
  /** Raw rows that came, and how many of them came again within the batch. */
  readonly rows: number;
  readonly repeated: number;
  readonly accepted: number;
  readonly quarantined: number;
  /** Rows that each rule kept out, by its id. A row that breaks two rules counts in both. */
  readonly rules: Readonly<Record<string, number>>;
  /** Path of the file with the quarantined rows, below the lake's folder; null without any. */
  readonly quarantine: string | null;
  /** The batch as the lake holds it; null when it was refused. */
  readonly batch: LakeBatch | null;
}

/** The newest snapshot of a lake. */
export interface LakeHead {
  readonly snapshot: LakeSnapshot;
  /** `sha256:` digest of the snapshot. */
  readonly digest: string;
}

export interface TableSqlOptions {
  /** Parquet file with the rows of the declared raw files, as ingest wrote it; null for the batches alone. */
  readonly base: string | null;
  /** The table as it was known at this moment: batches without what was observed later. Default: all that is visible. */
  readonly atObservedUs?: InstantUs;
}

export interface LakeOptions {
  readonly source: Source;
  /** CAUSEWAY_STATE: the lake lies in `lake/<source>` below it. */
  readonly stateUrl: string;
  readonly workspaceDir: string;
  /** Raw files in place of the declared ones, by table name; batches are held to the columns of the first. */
  readonly files?: RawFiles;
  /** Largest share of a batch's rows that may be quarantined before the whole batch is. Default 0.05; one row alone condemns no batch. */
  readonly tolerance?: number;
  /** Batches after which they are joined in one file. Default 64. */
  readonly compactEvery?: number;
}

/** Continuous data of one source: immutable batches, and snapshots that say which of them count. */
export interface Lake {
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
  /** Joins batches in one file, though there are few; the table stays the same. */
  compact(): Promise<LakeHead | null>;
  close(): void;
}
