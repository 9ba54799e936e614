import { fileURLToPath } from 'node:url';
import { InputError, show } from '@repo/contract/input-error';
import type { Source } from '@repo/contract/source';
import type { Database } from './database.ts';
import { rawFileSql } from './raw-file.ts';
import { identifier } from './sql-text.ts';

/** Paths of raw files by table name, in place of those that the source declares. */
export type RawFiles = Readonly<Record<string, string>>;

/** What DuckDB said, on one line and without its excerpt of the statement and its hints on options that nobody here can set. */
function saidBy(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
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

/**
 * Opens a source's raw files as views of the same names, in a schema that becomes the current one. Throws InputError naming the table
 * for a file that cannot be read or has no row. Files are only opened here; damage further in shows when they are scanned.
 */
export async function openRawTables(database: Database, source: Source, files: RawFiles, only?: readonly string[]) {
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
  for (const [name, url] of Object.entries(source.raw)) {
    if (only !== undefined && !only.includes(name)) continue;
    const where = `${source.name}.raw.${name}`;
    const path = files[name] ?? fileURLToPath(url);
    const reader = rawFileSql(path, where);
    try {
      await database.run(`CREATE VIEW ${identifier(name)} AS SELECT * FROM ${reader}`);
      if ((await database.rows(`SELECT 1 FROM ${identifier(name)} LIMIT 1`)).length > 0) continue;
    } catch (error) {
      throw new InputError({
        path: where,
        received: `${show(path)}, ${saidBy(error)}`,
        allowed:
          'a readable Parquet, CSV or JSON lines file; CSV in UTF-8 with as many fields in every row as in its header',
        action: 'fetch the file again, or mend it',
      });
    }
    throw new InputError({
      path: where,
      received: `${show(path)}, which has 0 rows`,
      allowed: 'at least one row',
      action: 'fetch the file again',
    });
  }
}
