import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StageFailure } from '@repo/contract/stage-failure';
import { type Database, openDatabase } from '@repo/datasets/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkPredictions } from './check-predictions.ts';
import { plantedMatrix } from './fixtures/planted-matrix.ts';
import { writeParquet } from './fixtures/small-world.ts';

let folder: string;
let database: Database;
const table = { rowIds: ['a', 'b', 'c'], timesUs: Float64Array.of(1, 2, 3), matrix: plantedMatrix(3, 1) };
const answers = Float32Array.of(0, 0.2, 300);
const types = { row_id: 'VARCHAR', answer: 'DOUBLE' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'predictions-'));
  database = await openDatabase();
});
afterAll(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

async function check(rows: string[][], columns: Record<string, string> = types): Promise<void> {
  const path = join(folder, 'predictions.parquet');
  await writeParquet(path, columns, rows);
  await checkPredictions(database, path, table, answers);
}

test('answers in any order within float32 of the trainer are accepted, and further rows are not looked at', async () => {
  await check([
    ['c', '300.02'],
    ['a', '0.00009'],
    ['b', '0.2'],
    ['further', '7'],
  ]);
});

test.each([
  ['differs by more than 1e-4', '0.0002', /1 of 3 validation rows .*row a with 0 instead of 0\.0002/],
  ['is null', 'NULL', /1 of 3 validation rows .*row a/],
  ['is not a number', 'NaN', /1 of 3 validation rows .*instead of NaN/],
])('a prediction that %s is found', async (_, answer, message) => {
  const checked = check([
    ['a', answer],
    ['b', '0.2'],
    ['c', '300'],
  ]);
  await expect(checked).rejects.toThrow(StageFailure);
  await expect(checked).rejects.toThrow(message);
});

test('a row that is left out is named', async () => {
  await expect(
    check([
      ['a', '0'],
      ['c', '300'],
    ]),
  ).rejects.toThrow(/leaves out 1 of 3 rows of valid\.parquet, such as b/);
});

test.each([
  [{ id: 'VARCHAR', answer: 'DOUBLE' }, '0.1'],
  [{ row_id: 'VARCHAR', answer: 'VARCHAR' }, 'much'],
])('a table with columns %o is refused', async (columns, answer) => {
  await expect(check([['a', answer]], columns)).rejects.toThrow(/no table of row_id and answer/);
});

test('a file that is no Parquet is refused', async () => {
  await expect(checkPredictions(database, import.meta.filename, table, answers)).rejects.toThrow(
    /no table of row_id and answer/,
  );
});
