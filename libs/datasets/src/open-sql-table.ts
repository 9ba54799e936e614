import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { InputError, show } from '@repo/contract/input-error';
import type { SqlTable } from '@repo/contract/sql-table';
import type { Database } from './database.ts';
import { type Environment, loadExtension } from './load-extension.ts';
import { quoteName, quoteText } from './sql-text.ts';

const magic = 'SQLite format 3\0';
const postgresForm = /^(postgres(ql)?:\/\/|\s*[a-z_]+\s*=)/;
const connections = 'postgres://<user>:<password>@<host>:<port>/<database>, or host=... dbname=... user=...';

function startOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(magic.length);
    readSync(file, bytes, 0, magic.length, 0);
    return bytes.toString('latin1');
  } finally {
    closeSync(file);
  }
}

/** The connection that the variable holds. Throws InputError, which never says what it is: it may hold a password. */
function connectionOf({ database, from }: SqlTable, environment: Environment): string {
  const value = environment[from];
  const refuse = (received: string, allowed: string, action: string): never => {
    throw new InputError({ path: from, received, allowed, action });
  };
  const allowed = database === 'sqlite' ? 'the path of an SQLite file' : connections;
  if (value === undefined || value === '') return refuse('nothing', allowed, 'set this environment variable');
  if (database === 'postgres') {
    if (postgresForm.test(value)) return value;
    return refuse(`a text of another form (${value.length} characters)`, allowed, 'write it in one of these forms');
  }
  if (!existsSync(value) || !statSync(value).isFile()) {
    // The connection of another database, perhaps.
    const shown = /:\/\/|=/.test(value) ? `a text that is no path (${value.length} characters)` : show(value);
    return refuse(`${shown}, which is no file`, allowed, 'correct the path');
  }
  let start: string;
  try {
    start = startOf(value);
  } catch (error) {
    return refuse(`${show(value)}, ${(error as NodeJS.ErrnoException).code}`, allowed, 'change its permissions');
  }
  // A new database of SQLite is an empty file.
  if (start !== magic) return refuse(`${show(value)}, which is no SQLite database`, allowed, 'correct the path');
  return value;
}

/** What the driver said after the connection string that it repeats, and only where it is about the server, as other texts quote pieces of the string. */
function withoutSecrets(error: unknown, connection: string): string {
  const said = String((error as Error).message)
    .replaceAll(connection, '<connection>')
    .replaceAll('\n', ' ');
  // The host that it could not find is part of the password where that holds an @.
  if (said.includes('could not translate host name')) return 'a host name that is not known';
  const cause = /(connection to server .*)$/.exec(said)?.[1]?.trim();
  return cause?.slice(0, 300) ?? 'a connection string that Postgres cannot read';
}

async function attach(database: Database, { database: kind, from }: SqlTable, connection: string): Promise<string> {
  // One attachment for all tables of a database: they are read over the same connections.
  const alias = `database_${from.toLowerCase()}_${kind}`;
  const attached = await database.rows('SELECT 1 FROM duckdb_databases() WHERE database_name = $1', [alias]);
  if (attached.length > 0) return alias;
  try {
    await database.run(`ATTACH ${quoteText(connection)} AS ${alias} (TYPE ${kind}, READ_ONLY)`);
    return alias;
  } catch (error) {
    throw new InputError({
      path: from,
      received: kind === 'sqlite' ? show(connection) : withoutSecrets(error, connection),
      allowed: kind === 'sqlite' ? 'an SQLite file that can be read' : connections,
      action: 'start the server, or correct host, port, database, user and password',
    });
  }
}

async function checkExists(
  database: Database,
  alias: string,
  where: string,
  schema: string,
  table: string,
): Promise<void> {
  const found = await database.rows(
    `SELECT schema_name || '.' || table_name AS name FROM (
       SELECT database_name, schema_name, table_name FROM duckdb_tables()
       UNION ALL SELECT database_name, schema_name, view_name FROM duckdb_views()
     ) WHERE database_name = $1 AND schema_name NOT IN ('information_schema', 'pg_catalog') ORDER BY name`,
    [alias],
  );
  const names = found.map(({ name }) => String(name));
  // Names are matched as DuckDB does, whatever their case.
  if (names.some((name) => name.toLowerCase() === `${schema}.${table}`.toLowerCase())) return;
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  throw new InputError({
    path: where,
    received: `${schema}.${table}, which the database does not have`,
    allowed: `${names.slice(0, 20).join(', ') || 'a table, of which it has none'}${more}`,
    action: 'name one of these tables, or grant the right to see it',
  });
}

/**
 * Attaches the database of a raw table, read-only, and answers the SQL after FROM that reads the table. Throws InputError naming the
 * variable where it is unset or the database cannot be reached, and `where` for a table that is not there.
 */
export async function openSqlTable(
  database: Database,
  table: SqlTable,
  where: string,
  environment: Environment,
): Promise<string> {
  const connection = connectionOf(table, environment);
  await loadExtension(database, table.database, environment);
  const alias = await attach(database, table, connection);
  if (table.query !== undefined) return `postgres_query(${quoteText(alias)}, ${quoteText(table.query)})`;
  const parts = (table.table ?? '').split('.');
  const name = parts.pop() ?? '';
  const schema = parts[0] ?? (table.database === 'sqlite' ? 'main' : 'public');
  await checkExists(database, alias, where, schema, name);
  return [alias, schema, name].map(quoteName).join('.');
}
