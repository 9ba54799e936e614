import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InputError, type Problem } from '@repo/contract/input-error';
import { sqlTable } from '@repo/contract/sql-table';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { openSqlTable } from './open-sql-table.ts';

// What needs DuckDB's extensions is tested by `npm run e2e -- sql-sources`: they are not part of the packages of this workspace.

const folder = mkdtempSync(join(tmpdir(), 'sql-table-'));
const file = join(folder, 'legacy.sqlite');
let database: Database;
beforeAll(async () => {
  database = await openDatabase();
  const legacy = new DatabaseSync(file);
  legacy.exec('CREATE TABLE flights (id INTEGER)');
  legacy.close();
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

async function problemOf(kind: 'sqlite' | 'postgres', environment: Record<string, string>): Promise<Problem> {
  const table = sqlTable({ database: kind, from: 'LEGACY', table: 'flights' });
  const error = await openSqlTable(database, table, 'flights.raw.flights', environment).catch((reason) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).problems[0] as Problem;
}

test.each(['sqlite', 'postgres'] as const)(
  'without the variable that says where the %s database is it says so',
  async (kind) => {
    for (const environment of [{}, { LEGACY: '' }]) {
      expect(await problemOf(kind, environment as Record<string, string>)).toMatchObject({
        path: 'LEGACY',
        received: 'nothing',
        action: 'set this environment variable',
      });
    }
  },
);

test('a file that is not there, or no SQLite database, is refused', async () => {
  const text = join(folder, 'text.sqlite');
  writeFileSync(text, 'no database');
  expect((await problemOf('sqlite', { LEGACY: join(folder, 'absent') })).received).toMatch(/absent", which is no file/);
  expect((await problemOf('sqlite', { LEGACY: folder })).received).toMatch(/which is no file/);
  expect((await problemOf('sqlite', { LEGACY: text })).received).toMatch(/which is no SQLite database/);
});

test('a connection of another form is not repeated, as it may hold a password', async () => {
  const problem = await problemOf('postgres', { LEGACY: 'mysql://me:secret@host/flights' });
  expect(problem).toMatchObject({ path: 'LEGACY', received: 'a text of another form (30 characters)' });
  expect(problem.allowed).toMatch(/^postgres:\/\//);
});

test('a folder without the extension, and a file that DuckDB does not take for one, are refused with what is needed', async () => {
  const environment = { LEGACY: file, CAUSEWAY_DUCKDB_EXTENSIONS: folder };
  expect(await problemOf('sqlite', environment)).toMatchObject({
    path: 'CAUSEWAY_DUCKDB_EXTENSIONS',
    received: expect.stringMatching(/which has no sqlite_scanner\.duckdb_extension$/),
    allowed: expect.stringMatching(/^the file sqlite_scanner\.duckdb_extension for DuckDB v\d+\.\d+\.\d+ \w+$/),
    action: expect.stringMatching(/docs\/data\.md/),
  });
  const name = 'sqlite_scanner.duckdb_extension';
  copyFileSync(file, join(folder, name));
  expect((await problemOf('sqlite', environment)).received).toContain(`${name}", `);
});
