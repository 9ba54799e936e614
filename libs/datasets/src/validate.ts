import { InputError } from '@repo/contract/input-error';
import { formatInstant } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import { checkRows } from './check-rows.ts';
import { type DatabaseOptions, openDatabase } from './database.ts';
import type { Environment } from './load-extension.ts';
import { openRawTables, type RawFiles } from './raw-tables.ts';
import { readSnapshot } from './snapshot.ts';
import { type ValidationReport, worstOf } from './validation-report.ts';

export interface ValidateOptions extends DatabaseOptions {
  /** The moment against which freshness is judged, UTC microseconds. */
  nowUs: number;
  /** Raw files in place of the declared ones, by table name; only reference rules read them. */
  files?: RawFiles;
  /** Environment variables, which say where the databases of `sqlTable` are. Default none. */
  environment?: Environment;
}

/**
 * Checks a snapshot against its source's data contract. Rules without severity fail, but for softRange, which warns. Throws InputError
 * for a snapshot that is damaged or of another source; broken rules are no error but the report's business.
 */
export async function validate(
  source: Source,
  snapshotDir: string,
  options: ValidateOptions,
): Promise<ValidationReport> {
  const { nowUs, files = {}, environment = {} } = options;
  const snapshot = await readSnapshot(snapshotDir);
  if (snapshot.manifest.source !== source.name) {
    throw new InputError({
      path: snapshotDir,
      received: `a snapshot of ${snapshot.manifest.source}`,
      allowed: `a snapshot of ${source.name}`,
      action: `ingest ${source.name} into this folder, or name another`,
    });
  }
  const database = await openDatabase(options);
  try {
    const tables = source.rules.flatMap((rule) => (rule.kind === 'reference' ? [rule.to.table] : []));
    await openRawTables(database, source, files, { only: tables, environment });
    const { rows, results } = await checkRows(database, source, snapshot.dataPath, nowUs);
    return {
      schemaVersion: 1,
      source: source.name,
      snapshot: snapshot.digest,
      rows,
      now: formatInstant(nowUs),
      results,
      verdict: worstOf(results.map((result) => result.outcome)),
    };
  } finally {
    database.close();
  }
}
