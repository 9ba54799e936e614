// budget: 300 s
// needs: git, initdb, python3:pip
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { InputError } from '@repo/contract/input-error';
import type { Source } from '@repo/contract/source';
import { type SqlTable, sqlTable } from '@repo/contract/sql-table';
import { type Database, openDatabase } from '@repo/datasets/database';
import { ingest } from '@repo/datasets/ingest';
import { quoteText } from '@repo/datasets/sql-text';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flights } from '../../features/flights/flights.ts';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { fetchDuckdbExtensions } from './duckdb-extensions.ts';
import { createPostgresServer, type PostgresServer } from './postgres-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'sql-sources-'));
const file = join(folder, 'legacy.sqlite');
const tables = ['flights', 'planes', 'airports'] as const;
let server: PostgresServer;
let environment: Record<string, string>;
let parquetDigest = '';

const rawPath = (table: string): string => fileURLToPath(flights.raw[table] as URL);
/** Types that a database declares for those of the files. */
const legacyType = (type: string, text: string, small: string, time: string): string =>
  type === 'VARCHAR' ? text : type === 'TIMESTAMP' ? time : /DOUBLE|FLOAT/.test(type) ? 'double precision' : small;

async function columnsOf(database: Database, table: string): Promise<{ name: string; type: string }[]> {
  const rows = await database.rows(`DESCRIBE FROM ${quoteText(rawPath(table))}`);
  return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
}

/** Copies the raw files into a Postgres and an SQLite database, as other programs would have filled them. */
async function fill(database: Database): Promise<void> {
  const legacy = new DatabaseSync(file);
  for (const table of tables) {
    const columns = await columnsOf(database, table);
    const csv = join(folder, `${table}.csv`);
    await database.run(`COPY (FROM ${quoteText(rawPath(table))}) TO ${quoteText(csv)} (HEADER false)`);
    const inPostgres = columns.map(({ name, type }) => `${name} ${legacyType(type, 'text', 'integer', 'timestamp')}`);
    server.sql(`CREATE TABLE ${table} (${inPostgres.join(', ')})`);
    server.sql(`\\copy ${table} FROM '${csv}' (FORMAT csv)`);
    const inSqlite = columns.map(({ name, type }) => `"${name}" ${legacyType(type, 'TEXT', 'INTEGER', 'TEXT')}`);
    legacy.exec(`CREATE TABLE ${table} (${inSqlite.join(', ')})`);
    const insert = legacy.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
    const cells = columns.map(({ name, type }) =>
      type === 'TIMESTAMP' ? `CAST(${name} AS VARCHAR) AS ${name}` : name,
    );
    legacy.exec('BEGIN');
    for (const row of await database.rows(`SELECT ${cells.join(', ')} FROM ${quoteText(rawPath(table))}`))
      insert.run(...(Object.values(row) as (string | number | bigint | null)[]));
    legacy.exec('COMMIT');
  }
  legacy.close();
}

/** The flights with these raw tables in place of their files. */
const flightsFrom = (raw: Record<string, SqlTable>): Source => ({ ...flights, raw: { ...flights.raw, ...raw } });
const allFrom = (database: 'sqlite' | 'postgres', from: string): Source =>
  flightsFrom(Object.fromEntries(tables.map((table) => [table, sqlTable({ database, from, table })])));
const digestOf = async (source: Source): Promise<string> =>
  (await ingest(source, { outDir: join(folder, 'out'), environment })).digest;
const refusal = async (source: Source, changed: Record<string, string> = {}): Promise<string> => {
  const outDir = join(folder, 'refused');
  const error = await ingest(source, { outDir, environment: { ...environment, ...changed } }).catch((e) => e);
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).not.toMatch(/secret/);
  return error.message;
};

beforeAll(async () => {
  server = await createPostgresServer();
  const database = await openDatabase();
  await fill(database);
  database.close();
  server.sql("CREATE ROLE reader LOGIN PASSWORD 'reader-secret'; GRANT SELECT ON flights, planes, airports TO reader");
  environment = {
    WAREHOUSE: server.url('reader', 'reader-secret'),
    LEGACY: file,
    CAUSEWAY_DUCKDB_EXTENSIONS: await fetchDuckdbExtensions(folder),
  };
  parquetDigest = await digestOf(flights);
}, 240_000);
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('336,776 flights from SQLite, from Postgres and from both together are the snapshot that they are from Parquet', async () => {
  expect(await digestOf(allFrom('sqlite', 'LEGACY'))).toBe(parquetDigest);
  expect(await digestOf(allFrom('postgres', 'WAREHOUSE'))).toBe(parquetDigest);
  const mixed = flightsFrom({
    flights: sqlTable({ database: 'postgres', from: 'WAREHOUSE', table: 'public.flights' }),
    planes: sqlTable({ database: 'sqlite', from: 'LEGACY', table: 'main.planes' }),
  });
  expect(await digestOf(mixed)).toBe(parquetDigest);
}, 240_000);

test('a view, and a query that Postgres runs itself, are read like a table', async () => {
  server.sql('CREATE VIEW "All Flights" AS SELECT * FROM flights; GRANT SELECT ON "All Flights" TO reader');
  const table = 'All Flights';
  expect(await digestOf(flightsFrom({ flights: sqlTable({ database: 'postgres', from: 'WAREHOUSE', table }) }))).toBe(
    parquetDigest,
  );
  const query = 'SELECT * FROM flights WHERE month BETWEEN 1 AND 12';
  expect(await digestOf(flightsFrom({ flights: sqlTable({ database: 'postgres', from: 'WAREHOUSE', query }) }))).toBe(
    parquetDigest,
  );
}, 240_000);

test('a query cannot write, whatever its user may', async () => {
  server.sql('CREATE FUNCTION remove_all() RETURNS integer LANGUAGE sql AS $$ DELETE FROM planes; SELECT 1 $$');
  const query = 'SELECT remove_all() AS n';
  const refused = await refusal(flightsFrom({ planes: sqlTable({ database: 'postgres', from: 'WAREHOUSE', query }) }), {
    WAREHOUSE: server.url(),
  });
  expect(refused).toMatch(/flights\.raw\.planes: .*read-only transaction/);
  expect(Number(server.sql('SELECT count(*) FROM planes'))).toBeGreaterThan(3000);
});

test('every way in which a database cannot be read is said with what to do, and no password', async () => {
  const planesIn = (table: string) =>
    flightsFrom({ planes: sqlTable({ database: 'postgres', from: 'WAREHOUSE', table }) });
  server.sql(
    'CREATE TABLE hidden AS SELECT * FROM planes; CREATE TABLE "empty" AS SELECT * FROM planes LIMIT 0; GRANT SELECT ON "empty" TO reader',
  );
  expect(await refusal(planesIn('plans'))).toMatch(
    /^flights\.raw\.planes: received public\.plans, which the database does not have; allowed: .*public\.planes.*; name one of these/,
  );
  expect(await refusal(planesIn('nowhere.planes'))).toMatch(
    /received nowhere\.planes, which the database does not have/,
  );
  expect(await refusal(planesIn('hidden'))).toMatch(/permission denied for table hidden; .*grant SELECT on it/);
  expect(await refusal(planesIn('empty'))).toMatch(/received empty, which has 0 rows/);
  expect(await refusal(planesIn('planes'), { WAREHOUSE: '' })).toMatch(/^WAREHOUSE: received nothing; .*set this/);
  const wrong = { WAREHOUSE: server.url('reader', 'other-secret') };
  expect(await refusal(planesIn('planes'), wrong)).toMatch(/^WAREHOUSE: .*password authentication failed/);
  const gone = { WAREHOUSE: 'postgres://reader:the-secret@127.0.0.1:1/postgres' };
  expect(await refusal(planesIn('planes'), gone)).toMatch(/^WAREHOUSE: .*Connection refused.*start the server/);
  const odd = { WAREHOUSE: 'host = the secret' };
  expect(await refusal(planesIn('planes'), odd)).toMatch(
    /^WAREHOUSE: received a connection string that Postgres cannot read/,
  );
  const legacy = flightsFrom({ planes: sqlTable({ database: 'sqlite', from: 'LEGACY', table: 'plans' }) });
  expect(await refusal(legacy)).toMatch(
    /received main\.plans, which the database does not have; allowed: main\.airports, main\.flights/,
  );
});

test('causeway reads the tables again for every command, and a changed row is another snapshot and another verdict', async () => {
  const workspace = createCopiedWorkspace();
  try {
    const source = 'features/flights/flights.ts';
    workspace.replace(
      source,
      "new URL('data/flights-2013.parquet', import.meta.url)",
      "sqlTable({ database: 'postgres', from: 'WAREHOUSE', table: 'public.flights' })",
    );
    workspace.replace(source, /^/, "import { sqlTable } from '@repo/contract/sql-table';\n");
    const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const causeway = (...args: string[]) => workspace.run('env', ...settings, 'causeway', ...args);
    expect((await causeway('ingest', 'flights')).output).toContain(parquetDigest);
    expect((await causeway('validate', 'flight-delay')).exitCode).toBe(0);
    server.sql("UPDATE flights SET carrier = 'ZZ' WHERE month = 7 AND day = 4 AND carrier = 'UA'");
    const judged = await causeway('validate', 'flight-delay');
    expect(judged.exitCode, judged.output).toBe(1);
    expect(judged.output).toMatch(/fail.*reference.*carrier/s);
    const unset = await workspace.run('causeway', 'ingest', 'flights');
    expect(unset.exitCode).toBe(2);
    expect(unset.output).toMatch(/WAREHOUSE: received nothing/);
  } finally {
    workspace.remove();
  }
}, 240_000);
