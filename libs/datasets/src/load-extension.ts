import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import type { Database } from './database.ts';
import { quoteText } from './sql-text.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The extensions of DuckDB that reach a database, by its kind. */
const extensions = { sqlite: 'sqlite_scanner', postgres: 'postgres_scanner' } as const;

const folderVariable = 'CAUSEWAY_DUCKDB_EXTENSIONS';

const firstLine = (error: unknown): string => String((error as Error).message).split('\n')[0] ?? '';

/**
 * Loads the extension by which DuckDB reads databases of a kind: from the folder that CAUSEWAY_DUCKDB_EXTENSIONS names, else from where
 * DuckDB keeps those of this machine, which fetches it once from extensions.duckdb.org where it is absent. DuckDB itself checks the signature, and
 * that the file is for its own version and machine. Throws InputError where it cannot be had.
 */
export async function loadExtension(
  database: Database,
  kind: keyof typeof extensions,
  environment: Environment,
): Promise<void> {
  const name = extensions[kind];
  const folder = environment[folderVariable];
  const [about] = await database.rows(
    "SELECT library_version || ' ' || (SELECT platform FROM pragma_platform()) AS build FROM pragma_version()",
  );
  const allowed = `the file ${name}.duckdb_extension for DuckDB ${about?.build}`;
  const action = `let this machine reach extensions.duckdb.org once, or name a folder that holds the file in ${folderVariable} (docs/data.md says where to get it)`;
  if (folder === undefined || folder === '') {
    try {
      await database.run(`LOAD ${name}`);
    } catch {
      try {
        await database.run(`INSTALL ${name}`);
        await database.run(`LOAD ${name}`);
      } catch (error) {
        throw new InputError({ path: `DuckDB extension ${name}`, received: firstLine(error), allowed, action });
      }
    }
    return;
  }
  const path = join(folder, `${name}.duckdb_extension`);
  const refuse = (received: string): never => {
    const remedy = 'put the file there, or name another folder (docs/data.md says where to get it)';
    throw new InputError({ path: folderVariable, received, allowed, action: remedy });
  };
  if (!existsSync(path)) refuse(`${show(folder)}, which has no ${name}.duckdb_extension`);
  try {
    await database.run(`LOAD ${quoteText(path)}`);
  } catch (error) {
    refuse(`${show(path)}, ${firstLine(error)}`);
  }
}
