import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestColumns } from '@repo/contract/request-columns';
import { openDatabase } from '@repo/datasets/database';
import { identifier, quoteText } from '@repo/datasets/sql-text';
import type { TableWindowsOptions } from '@repo/monitoring/table-windows';
import model from '../../../models/flight-delay/model.ts';

/** SQL of what a log is changed to from a moment on. Names: `p` the probability, `decided`, `level`, `kept` (rows that stay), and features. */
export interface Sabotage {
  readonly p?: string;
  readonly decided?: string;
  readonly level?: string;
  readonly kept?: string;
  readonly features?: Readonly<Record<string, string>>;
  /** Events whose labels come. Default: all, from the table of the workspace. */
  readonly labels?: string;
}

export interface FlightLogOptions {
  /** The feature table of a split with the champion's answers. */
  readonly answered: TableWindowsOptions;
  /** Parquet file of that table, and of the events. */
  readonly table: string;
  readonly events: string;
  /** UTC microseconds of the cut-offs from which on it is sabotaged. */
  readonly fromUs: number;
  readonly sabotage: Sabotage;
  /** Folder of the log. */
  readonly dir: string;
}

/** JSON text of a feature as it was served. */
function featureSql(feature: TableWindowsOptions['contract']['features'][number], changed: string | undefined): string {
  const { name, categories } = feature;
  const column = `nullif(${identifier(name)}, 'NaN'::FLOAT)`;
  const names = (categories ?? []).map((one) => quoteText(JSON.stringify(one)));
  const served =
    categories === null
      ? `CAST(${column} AS VARCHAR)`
      : `list_extract([${names.join(', ')}], CAST(${column} AS INTEGER) + 1)`;
  const value = changed === undefined ? served : `CASE WHEN bad THEN CAST(${changed} AS VARCHAR) ELSE ${served} END`;
  const told = (status: string) => quoteText(`,"status":"${status}"}`);
  return `${quoteText(`{"name":${JSON.stringify(name)},"value":`)} || coalesce((${value}) || ${told('ok')}, ${quoteText('null')} || ${told('missing')})`;
}

/**
 * Writes the prediction log that a service would have written, had it been asked about the flights of a table at their cut-offs. Returns the file of
 * labels beside it; null where nothing is wrong with them.
 */
export async function writeFlightLog(options: FlightLogOptions): Promise<string | null> {
  const { answered, table, events, fromUs, sabotage, dir } = options;
  const { p = 'probability', level = "'champion'", kept = 'true', features = {} } = sabotage;
  const threshold = model.serving.threshold ?? 0.5;
  const { decided = `p >= ${threshold}` } = sabotage;
  const folder = join(dir, 'predictions', model.name, '2013');
  mkdirSync(folder, { recursive: true });
  const answers = join(dir, 'answers.csv');
  const lines = answered.table.rowIds.map((id, row) => `${id},${answered.answers?.[row]}`);
  writeFileSync(answers, `row_id,probability\n${lines.join('\n')}\n`);
  const request = requestColumns(model).map((name) => {
    const column = `e.${identifier(name)}`;
    const isInstant = model.events.columns[name]?.type === 'instant';
    return `${quoteText(name)}: ${isInstant ? `strftime(${column}, '%Y-%m-%dT%H:%M:%SZ')` : column}`;
  });
  const served = answered.contract.features.map((feature) => featureSql(feature, features[feature.name]));
  const database = await openDatabase();
  try {
    await database.run(`COPY (
      WITH rows AS (
        SELECT f.*, a.probability, e.scheduled_at - INTERVAL 2 HOUR AS cutoff, to_json({${request.join(', ')}}) AS request
        FROM read_parquet(${quoteText(table)}) f JOIN read_csv(${quoteText(answers)}) a USING (row_id)
        JOIN read_parquet(${quoteText(events)}) e ON e.flight_id = f.row_id
        WHERE e.scheduled_at >= '2013-10-14'
      ), marked AS (SELECT *, epoch_us(cutoff) >= ${fromUs} AS bad FROM rows),
      changed AS (
        SELECT *, CASE WHEN bad THEN ${p} ELSE probability END AS p FROM marked WHERE NOT bad OR (${kept})
      )
      SELECT md5(row_id) AS id, CAST(cutoff AS TIMESTAMPTZ) AS time, ${quoteText(model.name)} AS model, '1' AS version, '' AS digest,
        CASE WHEN bad THEN ${level} ELSE 'champion' END AS level, 'stable' AS variant, CAST(1 AS DOUBLE) AS propensity, 'predict' AS kind,
        CAST(NULL AS VARCHAR) AS podhash, CAST(NULL AS VARCHAR) AS traceparent, CAST(p AS DOUBLE) AS probability,
        CAST(NULL AS DOUBLE) AS prediction, CASE WHEN bad THEN ${decided} ELSE p >= ${threshold} END AS decision,
        CAST(request AS VARCHAR) AS request, '[' || concat_ws(',', ${served.join(', ')}) || ']' AS features, '{}' AS data,
        CAST(NULL AS VARCHAR) AS experiment
      FROM changed
    ) TO ${quoteText(join(folder, 'log.parquet'))} (FORMAT parquet, COMPRESSION zstd)`);
    if (sabotage.labels === undefined) return null;
    const labels = join(dir, 'labels.parquet');
    await database.run(
      `COPY (SELECT * FROM read_parquet(${quoteText(events)}) WHERE ${sabotage.labels}) TO ${quoteText(labels)} (FORMAT parquet)`,
    );
    return labels;
  } finally {
    database.close();
  }
}
