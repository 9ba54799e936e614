import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { type Database, openDatabase } from '@repo/datasets/database';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSmallWorld, type SmallWorld, tableColumns, writeParquet } from './fixtures/small-world.ts';
import { readFeatureTables } from './read-feature-tables.ts';

let world: SmallWorld;
let database: Database;
let dir: string;
const files = ['contract.json', 'train.parquet', 'validate.parquet', 'test.parquet'];

beforeAll(async () => {
  world = await createSmallWorld();
  database = await openDatabase();
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'features-'));
  for (const file of files) await copyFile(join(world.featuresDir, file), join(dir, file));
});
afterEach(() => rm(dir, { recursive: true }));
afterAll(async () => {
  database.close();
  await world.remove();
});

const hourly = (row: number) => row * 3600e6;
const rows = (count: number, timeOf: (row: number) => number, load: string) =>
  Array.from({ length: count }, (_, row) => [`${row}`, `${timeOf(row)}`, '1', load, 'NULL', 'NaN', '1']);

test('rows come in the order of their time, with null and NaN as missing', async () => {
  await writeParquet(
    join(dir, 'test.parquet'),
    tableColumns,
    rows(60, (row) => hourly(60 - row), '0.1'),
  );
  const { tables } = await readFeatureTables(database, dir);
  expect(tables.test.rowIds.slice(0, 3)).toEqual(['59', '58', '57']);
  expect([...tables.test.timesUs]).toEqual(Array.from({ length: 60 }, (_, row) => hourly(row + 1)));
  expect(tables.test.matrix.columns.map((column) => column[0])).toEqual([Math.fround(0.1), Number.NaN, Number.NaN, 1]);
  expect(tables.test.matrix.categorical).toEqual([false, false, true, false]);
});

test.each(files)('without %s the features stage is to be run again', async (file) => {
  await rm(join(dir, file));
  const read = readFeatureTables(database, dir);
  await expect(read).rejects.toThrow(InputError);
  await expect(read).rejects.toThrow(new RegExp(`${file}: received .*run the features stage again`));
});

test.each([
  ['{', /contract\.json: received .*JSON/],
  ['{"schemaVersion": 2}', /contract\.json\.schemaVersion: received 2; allowed: 1/],
])('a contract of %s is refused', async (text, message) => {
  await writeFile(join(dir, 'contract.json'), text);
  await expect(readFeatureTables(database, dir)).rejects.toThrow(message);
});

test.each([
  [
    'a column of text',
    { ...tableColumns, load: 'VARCHAR' },
    rows(60, hourly, 'heavy'),
    /Could not convert string 'heavy'/,
  ],
  ['none left', tableColumns, [], /received 0 rows; allowed: 50 or more/],
  ['49 rows', tableColumns, rows(49, hourly, '1'), /received 49 rows; allowed: 50 or more/],
  ['rows of one day', tableColumns, rows(60, (row) => row * 60e6, '1'), /received rows of one day \(UTC\)/],
  ['an infinite feature', tableColumns, rows(60, hourly, 'Infinity'), /[Ii]nfinity/],
])('test rows with %s are refused', async (_, columns, table, message) => {
  await writeParquet(join(dir, 'test.parquet'), columns, table);
  const read = readFeatureTables(database, dir);
  await expect(read).rejects.toThrow(InputError);
  await expect(read).rejects.toThrow(message);
});
