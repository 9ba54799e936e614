import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from './database.ts';
import { identifier, quoteText } from './sql-text.ts';

test('a database is in UTC, within its limits and off the network', async () => {
  const database = await openDatabase({ threads: 1, memoryMiB: 256 });
  onTestFinished(() => database.close());
  const names = ['TimeZone', 'threads', 'memory_limit', 'autoinstall_known_extensions', 'autoload_known_extensions'];
  const values = names.map((name) => `current_setting('${name}')::VARCHAR AS ${name}`);
  expect(await database.rows(`SELECT ${values.join(', ')}`)).toEqual([
    {
      TimeZone: 'UTC',
      threads: '1',
      memory_limit: '256.0 MiB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    },
  ]);
  expect(
    await database.rows("SELECT timezone('America/New_York', TIMESTAMPTZ '2013-07-01 00:00:00+00')::VARCHAR AS local"),
  ).toEqual([{ local: '2013-06-30 20:00:00' }]);
});

test('parameters are values, never SQL', async () => {
  const database = await openDatabase();
  onTestFinished(() => database.close());
  const hostile = "'; DROP TABLE t; --";
  const [row] = await database.rows('SELECT $1 AS one, list_contains($2, $1) AS listed, $3 AS none', [
    hostile,
    ['a', hostile],
    null,
  ]);
  expect(row).toEqual({ one: hostile, listed: true, none: null });
});

test('closing removes the temporary folder, and closing twice does no harm', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'database-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const database = await openDatabase();
  expect(readdirSync(folder)).toHaveLength(1);
  database.close();
  database.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('only checked names become identifiers, and texts cannot end their literal', () => {
  expect(identifier('dep_delay')).toBe('"dep_delay"');
  for (const name of ['"', 'a"b', 'Dep', 'a b', '', 'größe', 'a;--'])
    expect(() => identifier(name)).toThrow(InputError);
  expect(quoteText("o'brien'; DROP TABLE t; --")).toBe("'o''brien''; DROP TABLE t; --'");
});

test('floats come row by row in their order, null as NaN, from more rows than one chunk has', async () => {
  const database = await openDatabase();
  onTestFinished(() => database.close());
  const parts = await Array.fromAsync(
    database.floats('SELECT CAST(i AS FLOAT), CASE WHEN i % 2 = 0 THEN CAST(-i AS FLOAT) END FROM range(5000) t(i)'),
  );
  const all = parts.flatMap((part) => [...part]);
  expect(parts.length).toBeGreaterThan(1);
  expect(all).toEqual(Array.from({ length: 5000 }, (_, i) => [i, i % 2 === 0 ? 0 - i : Number.NaN]).flat());
  await expect(Array.fromAsync(database.floats('SELECT 1'))).rejects.toThrow('column 0 is INTEGER, not FLOAT');
});

test('numbers are appended in their order, whatever arrays they come in', async () => {
  const database = await openDatabase();
  onTestFinished(() => database.close());
  await database.run('CREATE TABLE numbers (number DOUBLE)');
  const all = Float32Array.from({ length: 5000 }, (_, i) => i / 3);
  await database.append('numbers', [all.subarray(0, 3000), new Float32Array(), all.subarray(3000)]);
  const rows = await database.rows('FROM numbers');
  expect(rows.map(({ number }) => number)).toEqual([...all]);
});
