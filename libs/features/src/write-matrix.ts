import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { InstantUs } from '@repo/contract/instant';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { statusCode } from './feature-sql.ts';
import { sqlName } from './sql-name.ts';

export interface WriteMatrixOptions {
  /** A table made by joinFeatures. */
  table: string;
  /** Names, order and categories of the columns. */
  features: ModelContract['features'];
  /** Rows with an event time in [fromUs, toUs) and a label are written. */
  fromUs: InstantUs;
  toUs: InstantUs;
  /** Parquet file to make, with its folder. */
  path: string;
}

function columnSql({ name, categories }: ModelContract['features'][number]): string {
  const [value, status] = [sqlName(name), sqlName(`${name}__status`)];
  if (categories === null) return `coalesce(CAST(${value} AS FLOAT), 'NaN'::FLOAT) AS ${value}, ${status}`;
  const list = `CAST([${categories.map(quoteText).join(', ')}] AS VARCHAR[])`;
  const place = `nullif(coalesce(list_position(${list}, ${value}), 0), 0)`;
  const listed = `CASE WHEN ${place} IS NULL THEN ${statusCode('missing')} ELSE ${status} END`;
  return `coalesce(CAST(${place} - 1 AS FLOAT), 'NaN'::FLOAT) AS ${value}, CAST(${listed} AS UTINYINT) AS ${status}`;
}

/**
 * Writes the labelled rows of a period as the Parquet matrix that trainers read: row_id VARCHAR, time BIGINT, label FLOAT, then for each
 * feature a FLOAT (NaN is missing, categories are codes) and `<feature>__status` UTINYINT; sorted by time and row_id, so that equal rows
 * give equal bytes. The file appears whole or not at all. Answers the number of rows.
 */
export async function writeMatrix(db: Database, options: WriteMatrixOptions): Promise<number> {
  const { table, features, fromUs, toUs, path } = options;
  const where = `label IS NOT NULL AND time >= ${fromUs} AND time < ${toUs}`;
  const columns = ['row_id', 'time', 'CAST(label AS FLOAT) AS label', ...features.map(columnSql)].join(', ');
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await db.run(`COPY (SELECT ${columns} FROM ${sqlName(table)} WHERE ${where} ORDER BY time, row_id)
      TO ${quoteText(temporary)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)`);
    const file = await open(temporary, 'r+');
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  const [count] = await db.rows(`SELECT count(*) AS rows FROM ${sqlName(table)} WHERE ${where}`);
  return Number(count?.rows);
}
