import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelContractSchema } from '@repo/contract/model-contract';
import { openDatabase } from '@repo/datasets/database';

/** Rows whose features stand in for those of all others, so that a log is made in minutes. */
const pool = 20_000;

/** SQL of a feature as the log has it. */
function featureJson({ name, categories }: { name: string; categories: readonly string[] | null }): string {
  const number = `CASE WHEN isnan("${name}") THEN 'null' ELSE CAST("${name}" AS VARCHAR) END`;
  const list = `CAST([${(categories ?? []).map((category) => `'"${category}"'`).join(', ')}] AS VARCHAR[])`;
  const category = `CASE WHEN isnan("${name}") THEN 'null' ELSE ${list}[CAST("${name}" AS INTEGER) + 1] END`;
  const status = `['ok', 'stale', 'missing', 'default']["${name}__status" + 1]`;
  return `'{"name":"${name}","value":' || ${categories === null ? number : category} || ',"status":"' || ${status} || '"}'`;
}

/** Writes the flights of a workspace as a table of requests. Answers how many there are. */
export async function writeRequests(root: string, path: string): Promise<number> {
  const database = await openDatabase({ memoryMiB: 2048 });
  try {
    const from = `read_parquet('${join(root, '.causeway/stages/flights/ingest/data.parquet')}')`;
    await database.run(
      `COPY (SELECT flight_id, carrier, origin, dest, tailnum, scheduled_at FROM ${from}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    const [row] = await database.rows(`SELECT count(*) AS rows FROM ${from}`);
    return Number(row?.rows);
  } finally {
    database.close();
  }
}

/**
 * Writes scored requests as the prediction log of the service that answered each at its cut-off, in the form that the log is compacted to. Answers how
 * many answers there are.
 */
export async function writeLog(root: string, scored: string, logDir: string): Promise<number> {
  const folder = join(logDir, 'predictions/flight-delay/all');
  mkdirSync(folder, { recursive: true });
  const features = join(root, '.causeway/stages/flight-delay/features');
  const contract = modelContractSchema.parse(JSON.parse(readFileSync(join(features, 'contract.json'), 'utf8')));
  const database = await openDatabase({ memoryMiB: 2048 });
  try {
    await database.run(`CREATE TABLE pool AS SELECT row_number() OVER () - 1 AS n, '[' || ${contract.features.map(featureJson).join(` || ',' || `)} || ']' AS features
      FROM (FROM read_parquet('${join(features, 'test.parquet')}') LIMIT ${pool})`);
    await database.run(`COPY (
      SELECT flight_id AS id, features_as_of AS time, 'flight-delay' AS model, model_version AS version, model_digest AS digest,
        'champion' AS level, 'champion' AS variant, 1::DOUBLE AS propensity, 'predict' AS kind, NULL::VARCHAR AS podhash,
        NULL::VARCHAR AS traceparent, probability, NULL::DOUBLE AS prediction, decision,
        CAST(json_object('carrier', carrier, 'origin', origin, 'dest', dest, 'tailnum', tailnum,
          'scheduled_at', strftime(scheduled_at, '%Y-%m-%dT%H:%M:%SZ')) AS VARCHAR) AS request,
        features,
        CAST(json_object('threshold', 0.3, 'cutoff', strftime(features_as_of, '%Y-%m-%dT%H:%M:%SZ'),
          'features_as_of', strftime(features_as_of, '%Y-%m-%dT%H:%M:%SZ'), 'degraded_reasons', degraded_reasons, 'outlier', NULL) AS VARCHAR) AS data,
        NULL::VARCHAR AS experiment
      FROM (SELECT *, row_number() OVER () % ${pool} AS n FROM read_parquet('${scored}')) JOIN pool USING (n)
      WHERE probability IS NOT NULL
    ) TO '${join(folder, 'log.parquet')}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)`);
    const [row] = await database.rows(`SELECT count(*) AS rows FROM read_parquet('${join(folder, 'log.parquet')}')`);
    return Number(row?.rows);
  } finally {
    database.close();
  }
}
