import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBDoubleVector,
  DuckDBFloatVector,
  DuckDBInstance,
  type DuckDBValue,
  listValue,
} from '@duckdb/node-api';

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
  /**
   * Runs one statement whose columns are all FLOAT and yields its rows in their order, some thousand at a time, row-major; null is NaN. What is
   * not read yet is not held. Nothing else may run on the database meanwhile.
   */
  floats(sql: string): AsyncIterable<Float32Array>;
  /** Appends numbers to a table of one DOUBLE column, in their order. */
  append(table: string, numbers: Iterable<Float32Array>): Promise<void>;
  /** Frees the memory and removes the temporary folder; further use is an error, a second close is not. */
  close(): void;
}

const bind = (parameters: readonly Parameter[]): DuckDBValue[] =>
  parameters.map((p) => (Array.isArray(p) ? listValue(p as string[]) : (p as DuckDBValue)));

async function* readFloats(connection: DuckDBConnection, sql: string): AsyncGenerator<Float32Array> {
  for await (const chunk of await connection.stream(sql)) {
    const { rowCount, columnCount } = chunk;
    const rows = new Float32Array(rowCount * columnCount);
    for (let column = 0; column < columnCount; column++) {
      const vector = chunk.getColumnVector(column);
      if (!(vector instanceof DuckDBFloatVector)) throw new TypeError(`column ${column} is ${vector.type}, not FLOAT`);
      for (let row = 0, at = column; row < rowCount; row++, at += columnCount)
        rows[at] = vector.getItem(row) ?? Number.NaN;
    }
    if (rowCount > 0) yield rows;
  }
}

/** Rows that DuckDB takes at once. */
const vectorRows = 2048;

async function appendNumbers(connection: DuckDBConnection, table: string, numbers: Iterable<Float32Array>) {
  const appender = await connection.createAppender(table);
  for (const part of numbers) {
    for (let from = 0; from < part.length; from += vectorRows) {
      const count = Math.min(vectorRows, part.length - from);
      const chunk = DuckDBDataChunk.create([DOUBLE], count);
      const vector = chunk.getColumnVector(0) as DuckDBDoubleVector;
      for (let i = 0; i < count; i++) vector.setItem(i, part[from + i] as number);
      vector.flush();
      appender.appendDataChunk(chunk);
    }
  }
  appender.closeSync();
}

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
    floats: (sql) => readFloats(connection, sql),
    append: (table, numbers) => appendNumbers(connection, table, numbers),
    close: () => {
      if (!open) return;
      open = false;
      connection.closeSync();
      instance.closeSync();
      rmSync(spill, { recursive: true, force: true });
    },
  };
}
