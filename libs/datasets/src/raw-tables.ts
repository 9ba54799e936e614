import { fileURLToPath } from 'node:url';
import { InputError, show } from '@repo/contract/input-error';
import type { Source } from '@repo/contract/source';
import type { SqlTable } from '@repo/contract/sql-table';
import type { Database } from './database.ts';
import type { Environment } from './load-extension.ts';
import { openSqlTable } from './open-sql-table.ts';
import { rawFileSql } from './raw-file.ts';
import { identifier } from './sql-text.ts';

/** Paths of raw files by table name, in place of those that the source declares. */
export type RawFiles = Readonly<Record<string, string>>;

/** A text without the connections that drivers repeat in theirs, which may hold passwords. */
export function withoutConnections(text: string): string {
  return text
    .replace(/(Unable to connect to Postgres at )("[^"]*"|\S+?)(?=:? |$)/gs, '$1<connection>')
    .replace(/\b(postgres(?:ql)?:\/\/)\S+/g, '$1<connection>')
    .replace(/\b(password\s*=\s*)('[^']*'|\S+)/g, '$1<password>');
}

/** What DuckDB said, on one line and without connections, its excerpt of the statement and its hints on options that nobody here can set. */
function saidBy(error: unknown): string {
  const lines = withoutConnections(error instanceof Error ? error.message : String(error)).split('\n');
  const end = lines.findIndex((line, i) => i > 0 && /^(LINE \d|Possible |The search space|\s*$)/.test(line));
  return lines
    .slice(0, end === -1 ? undefined : end)
    .join(' ')
    .slice(0, 300);
}

/** InputError for a statement that DuckDB refused because of what the files or the source's SQL hold. */
export function sqlError(path: string, error: unknown, action: string): InputError {
  return new InputError({
    path,
    received: saidBy(error),
    allowed: 'SQL that runs on the files',
    action,
  });
}

/** How raw tables are opened. */
export interface OpenRawOptions {
  /** Only these tables. Default all. */
  only?: readonly string[];
  /** Says where the databases of `sqlTable` are. Default empty. */
  environment?: Environment;
}

const fileTrouble = {
  allowed: 'a readable Parquet, CSV or JSON lines file; CSV in UTF-8 with as many fields in every row as in its header',
  action: 'fetch the file again, or mend it',
};
const tableTrouble = {
  allowed: 'a table that may be read',
  action: 'grant SELECT on it to the user that reads it, or correct its definition',
};

/** Makes the view and reads a row of it. Throws InputError where that fails or there is none. */
async function openView(
  database: Database,
  name: string,
  reader: string,
  where: string,
  shown: string,
  trouble: typeof fileTrouble,
) {
  try {
    await database.run(`CREATE VIEW ${identifier(name)} AS SELECT * FROM ${reader}`);
    if ((await database.rows(`SELECT 1 FROM ${identifier(name)} LIMIT 1`)).length > 0) return;
  } catch (error) {
    throw new InputError({ path: where, received: `${shown}, ${saidBy(error)}`, ...trouble });
  }
  throw new InputError({
    path: where,
    received: `${shown}, which has 0 rows`,
    allowed: 'at least one row',
    action: trouble === fileTrouble ? 'fetch the file again' : 'fill it',
  });
}

/**
 * Opens a source's raw files and tables as views of the same names, in a schema that becomes the current one. Throws InputError naming the
 * table for one that cannot be read or has no row. Files are only opened here; damage further in shows when they are scanned.
 */
export async function openRawTables(database: Database, source: Source, files: RawFiles, options: OpenRawOptions = {}) {
  const { only, environment = {} } = options;
  for (const name of Object.keys(files)) {
    if (source.raw[name] !== undefined) continue;
    throw new InputError({
      path: `${source.name}.files.${name}`,
      received: show(files[name]),
      allowed: Object.keys(source.raw).join(', '),
      action: 'name one of the source’s raw tables',
    });
  }
  await database.run('CREATE SCHEMA raw');
  await database.run('USE raw');
  for (const [name, raw] of Object.entries(source.raw)) {
    if (only !== undefined && !only.includes(name)) continue;
    const where = `${source.name}.raw.${name}`;
    const path = files[name] ?? (raw instanceof URL ? fileURLToPath(raw) : null);
    if (path !== null) await openView(database, name, rawFileSql(path, where), where, show(path), fileTrouble);
    else {
      const table = raw as SqlTable;
      const reader = await openSqlTable(database, table, where, environment);
      await openView(database, name, reader, where, table.table ?? 'the query', tableTrouble);
    }
  }
}
