import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelContractSchema } from '@repo/contract/model-contract';
import type { Database } from '@repo/datasets/database';
import { identifier, quoteText } from '@repo/datasets/sql-text';
import type { LoggedFeature } from '@repo/experiments/answer-again';
import { answersOf } from './answers-of.ts';
import { type DayInterval, dayInterval } from './day-interval.ts';
import type { Outcome } from './read-outcomes.ts';
import { lossesOf } from './week-quality.ts';

/** What it costs that features were up to a tick old. */
export interface TickCost extends DayInterval {
  readonly rows: number;
}

/** Features of the test rows of a features stage, by row: those of the very moment of each request. */
async function exactFeatures(database: Database, dir: string): Promise<Map<string, LoggedFeature[]>> {
  const contract = modelContractSchema.parse(JSON.parse(await readFile(join(dir, 'contract.json'), 'utf8')));
  const names = contract.features.map(({ name }) => identifier(name));
  const rows = await database.rows(
    `SELECT row_id, ${names.join(', ')} FROM read_parquet(${quoteText(join(dir, 'test.parquet'))}, hive_partitioning = false)`,
  );
  const decoded = (code: number, categories: readonly string[] | null): LoggedFeature['value'] => {
    if (!Number.isFinite(code)) return null;
    return categories === null ? code : (categories[code] ?? null);
  };
  return new Map(
    rows.map((row) => [
      String(row.row_id),
      contract.features.map(({ name, categories }) => ({
        name,
        value: decoded(Number(row[name] ?? Number.NaN), categories),
      })),
    ]),
  );
}

/** Log-loss of served answers less that of the same bundle on features of the very moment, on the flights that both have. Null without one. */
export async function tickCost(
  database: Database,
  served: readonly Outcome[],
  { featuresDir, bundleDir }: { featuresDir: string; bundleDir: string },
): Promise<TickCost | null> {
  const exact = await exactFeatures(database, featuresDir);
  const both = served.flatMap((one) => {
    const features = exact.get(one.id);
    return features === undefined ? [] : [{ ...one, features }];
  });
  if (both.length === 0) return null;
  const probabilities = await answersOf(bundleDir, both);
  const fresh = lossesOf(both.map(({ isLate }, i) => ({ isLate, probability: probabilities[i] as number })));
  const differences = lossesOf(both).map((loss, i) => loss - (fresh[i] as number));
  return { ...dayInterval(both, differences), rows: both.length };
}
