import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBValue, listValue } from '@duckdb/node-api';

export interface DatabaseOptions {
  /** Default 2. */
  threads?: number;
  /** Beyond it DuckDB spills to a temporary folder. Default 1024. */
  memoryMiB?: number;
}

/** Values that SQL parameters `$1`, `$2` ... take; an array becomes a list of text. */
export type Parameter = string | number | bigint | boolean | null | readonly string[];

/** One row: text, bigint for integers, number, boolean, null, or DuckDB's own value classes (an instant has `micros`). */
export type Row = Record<string, DuckDBValue>;

/** An in-memory DuckDB in UTC that reaches for the network only where a source reads a database (`sqlTable`). */
export interface Database {
  /** Runs one statement; throws DuckDB's own Error. */
  run(sql: string, parameters?: readonly Parameter[]): Promise<void>;
  /** Runs one statement and reads all of its rows. */
  rows(sql: string, parameters?: readonly Parameter[]): Promise<Row[]>;
  /** Frees the memory and removes the temporary folder; further use is an error, a second close is not. */
  close(): void;
}

const bind = (parameters: readonly Parameter[]): DuckDBValue[] =>
  parameters.map((p) => (Array.isArray(p) ? listValue(p as string[]) : (p as DuckDBValue)));

/** Opens a {@link Database}; the caller closes it. */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const { threads = 2, memoryMiB = 1024 } = options;
  const spill = mkdtempSync(join(tmpdir(), 'causeway-duckdb-'));
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${memoryMiB}MiB`,
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  let open = true;
  return {
    run: async (sql, parameters = []) => {
      await connection.run(sql, bind(parameters));
    },
    rows: async (sql, parameters = []) =>
      (await connection.runAndReadAll(sql, bind(parameters))).getRowObjects() as Row[],
    close: () => {
      if (!open) return;
      open = false;
      connection.closeSync();
      instance.closeSync();
      rmSync(spill, { recursive: true, force: true });
    },
  };
}
