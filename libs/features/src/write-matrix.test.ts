import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { type Database, openDatabase } from '@repo/datasets/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeRow } from './encode-row.ts';
import { fitCategories, minimumRows } from './fit-categories.ts';
import { sampleViews } from './sample-history.ts';
import { writeMatrix } from './write-matrix.ts';

let db: Database;
const folder = mkdtempSync(join(tmpdir(), 'causeway-matrix-'));
const path = (name: string) => join(folder, name, 'train.parquet');

/** `n` joined rows of a site with a share of labels that are 1, from time `from` on. */
const rows = (site: string | null, n: number, ones: number, from = 0) =>
  `SELECT '${site}' || i AS row_id, ${from} + i AS time, CASE WHEN i < ${ones} THEN 1.0 ELSE 0.0 END AS label,
     ${site === null ? 'NULL::VARCHAR' : `'${site}'`} AS site, ${site === null ? 2 : 0}::UTINYINT AS site__status,
     CASE WHEN i = 0 THEN NULL ELSE i / 10 END::DOUBLE AS unit, CASE WHEN i = 0 THEN 1 ELSE 0 END::UTINYINT AS unit__status
   FROM range(${n}) t(i)`;

beforeAll(async () => {
  db = await openDatabase();
  const parts = [
    rows('low', 400, 40),
    rows('high', 400, 300),
    rows('rare', minimumRows - 1, 0),
    rows('just', minimumRows, minimumRows),
    rows(null, 30, 15),
    rows('later', 400, 400, 1000),
  ];
  await db.run(`CREATE TABLE joined AS ${parts.join(' UNION ALL ')}`);
  await db.run(
    `INSERT INTO joined SELECT 'u' || row_id, time, NULL, 'unlabelled', 0, unit, unit__status FROM joined LIMIT 100`,
  );
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const fit = (fromUs: number, toUs: number) =>
  fitCategories(db, { table: 'joined', views: sampleViews.slice(0, 1), fromUs, toUs });
const write = async (name: string) => {
  const { site } = await fit(0, 1000);
  const features = [
    { name: 'site', view: 'ask', categories: site ?? [] },
    { name: 'unit', view: 'ask', categories: null },
  ];
  return {
    features,
    count: await writeMatrix(db, { table: 'joined', features, fromUs: 0, toUs: 1000, path: path(name) }),
  };
};

test('categories rise with the smoothed mean of the label: a few rows of one label stay near the middle', async () => {
  // just: (20 + 20 * 0.43) / 40 = 0.72, below high: (300 + 20 * 0.43) / 420 = 0.73, although its own mean is 1.
  expect(await fit(0, 1000)).toEqual({ site: ['low', 'just', 'high'] });
});

test('categories of equal means are in order of their text, whatever the order of the rows', async () => {
  const sites = Array.from({ length: 30 }, (_, i) => `site number ${(i * 17) % 30}`);
  for (const order of [sites, sites.toReversed()]) {
    await db.run(`CREATE OR REPLACE TABLE tied AS ${order.map((site) => rows(site, 40, 10)).join(' UNION ALL ')}`);
    const views = sampleViews.slice(0, 1);
    const { site } = await fitCategories(db, { table: 'tied', views, fromUs: 0, toUs: 1000 });
    expect(site).toEqual(sites.toSorted());
  }
});

test('rows after the training period and rows without a label list no category', async () => {
  expect((await fit(0, 1000)).site).not.toContain('later');
  expect((await fit(0, 1000)).site).not.toContain('unlabelled');
  expect((await fit(0, 2000)).site).toContain('later');
});

test('a training period without a labelled row is refused', async () => {
  await expect(fit(5000, 6000)).rejects.toThrow(InputError);
});

test('the matrix holds codes as float32, NaN for what is missing, the status beside it, sorted by time and id', async () => {
  const { count, features } = await write('columns');
  const found = await db.rows(`SELECT * FROM '${path('columns')}'`);
  expect(found).toHaveLength(count);
  expect(count).toBe(400 + 400 + minimumRows * 2 - 1 + 30);
  expect(found[0]).toEqual({
    row_id: 'high0',
    time: 0n,
    label: 1,
    site: 2,
    site__status: 0,
    unit: Number.NaN,
    unit__status: 1,
  });
  const rare = found.find(({ row_id }) => row_id === 'rare3');
  expect(rare).toMatchObject({ site: Number.NaN, site__status: 2, unit: Math.fround(0.3) });
  expect([rare?.site, rare?.unit]).toEqual([...encodeRow({ features }, ['rare', 0.3])]);
  const types = await db.rows(`SELECT column_type FROM (DESCRIBE SELECT * FROM '${path('columns')}')`);
  expect(types.map((t) => t.column_type)).toEqual([
    'VARCHAR',
    'BIGINT',
    'FLOAT',
    'FLOAT',
    'UTINYINT',
    'FLOAT',
    'UTINYINT',
  ]);
});

const digest = (name: string) =>
  createHash('sha256')
    .update(readFileSync(path(name)))
    .digest('hex');

test('equal rows in another order give equal bytes, and no temporary file stays', async () => {
  await write('first');
  await db.run('CREATE OR REPLACE TABLE joined AS SELECT * FROM joined ORDER BY hash(row_id)');
  await write('second');
  expect(digest('second')).toBe(digest('first'));
  expect(readdirSync(join(folder, 'second'))).toEqual(['train.parquet']);
});

test('a write that fails keeps the file that was there and leaves nothing beside it', async () => {
  await write('kept');
  const before = digest('kept');
  const features = [{ name: 'site', view: 'ask', categories: null }];
  await expect(
    writeMatrix(db, { table: 'joined', features, fromUs: 0, toUs: 1000, path: path('kept') }),
  ).rejects.toThrow(/Could not convert string/);
  expect(digest('kept')).toBe(before);
  expect(readdirSync(join(folder, 'kept'))).toEqual(['train.parquet']);
});
