import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@repo/datasets/database';
import type { Snapshot } from '@repo/datasets/snapshot';
import { expect, onTestFinished, test } from 'vitest';
import { openRelations } from './relations.ts';

test('a checkout below a folder called origin=EWR reads the column from the file, not from the path', async () => {
  const top = mkdtempSync(join(tmpdir(), "it's-"));
  const database = await openDatabase();
  onTestFinished(() => {
    database.close();
    rmSync(top, { recursive: true });
  });
  const dataPath = join(top, 'origin=EWR', 'data.parquet');
  mkdirSync(join(top, 'origin=EWR'));
  await database.run(`COPY (SELECT 'JFK' AS origin) TO '${dataPath.replaceAll("'", "''")}' (FORMAT parquet)`);
  const relations = await openRelations(database, { 'hourly-weather': { dataPath } as Snapshot });
  expect(relations).toEqual({ 'hourly-weather': 'source_hourly_weather' });
  expect(await database.rows('SELECT origin FROM source_hourly_weather')).toEqual([{ origin: 'JFK' }]);
});
