import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import type { Source } from '@repo/contract/source';
import { type Database, openDatabase } from '../database.ts';
import type { Environment } from '../load-extension.ts';
import { openRawTables, type RawFiles } from '../raw-tables.ts';
import { identifier, quoteName, quoteText } from '../sql-text.ts';
import { carryRow } from './carry-row.ts';
import type { RawColumn } from './read-batch.ts';

/** What batches are worked on with: a database with the source's raw tables, and a folder, both made once for many batches. */
export interface LakeSession {
  readonly database: Database;
  readonly folder: string;
  /** Columns of the first raw table as it is declared. */
  readonly columns: readonly RawColumn[];
  /** SQL of the source that hands on `_row`. */
  readonly sql: string;
  /** Rows of a SELECT as the bytes of a Parquet file. */
  parquetOf(select: string): Promise<Buffer>;
  close(): void;
}

async function openTables(database: Database, source: Source, files: RawFiles, environment: Environment) {
  await openRawTables(database, source, files, { environment });
  const table = `raw.${identifier(Object.keys(source.raw)[0] ?? '')}`;
  const described = await database.rows(`DESCRIBE ${table}`);
  const columns = described.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  const nothing = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteName(name)}`).join(', ');
  await database.run(`CREATE OR REPLACE VIEW ${table} AS SELECT ${nothing}, CAST(0 AS BIGINT) AS _row LIMIT 0`);
  return { columns, sql: await carryRow(database, source, '_row') };
}

/** Opens a {@link LakeSession}; the caller closes it. Throws InputError for raw files that cannot be read and SQL that takes no batches. */
export async function openLakeSession(source: Source, files: RawFiles, environment: Environment): Promise<LakeSession> {
  const database = await openDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'causeway-lake-'));
  const close = () => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const tables = await openTables(database, source, files, environment);
    const path = join(folder, 'rows.parquet');
    const parquetOf = async (select: string) => {
      try {
        await database.run(`COPY (${select}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`);
        return readFileSync(path);
      } catch (error) {
        if (!/No space left/i.test(String(error))) throw error;
        const action = 'free space, or set TMPDIR to a folder elsewhere';
        throw new InputError({ path: 'TMPDIR', received: `${folder} (ENOSPC)`, allowed: 'a disk with room', action });
      } finally {
        rmSync(path, { force: true });
      }
    };
    return { database, folder, ...tables, parquetOf, close };
  } catch (error) {
    close();
    throw error;
  }
}
