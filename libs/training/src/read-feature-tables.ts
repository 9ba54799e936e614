import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { parseOrThrow } from '@repo/contract/parse';
import type { Database } from '@repo/datasets/database';
import { dayOf } from './evaluate.ts';
import type { FeatureTable, FeatureTables } from './feature-table.ts';
import { readFeatureTable } from './read-feature-table.ts';

async function readContract(path: string): Promise<ModelContract> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new InputError({
      path,
      received: (cause as Error).message,
      allowed: 'contract.json of the features stage',
      action: 'run the features stage again',
    });
  }
  return parseOrThrow(modelContractSchema, value, 'contract.json');
}

/** Intervals of test metrics resample days, of which there must be some. */
function requireDays(path: string, table: FeatureTable): void {
  const days = new Set(Array.from(table.timesUs, dayOf));
  if (days.size > 1) return;
  throw new InputError({
    path,
    received: 'rows of one day (UTC)',
    allowed: 'rows of two days or more, better of weeks',
    action: 'widen split.test',
  });
}

/**
 * Reads what the features stage wrote for a model: the contract and the three splits. Throws InputError when a file is missing or broken,
 * a split has fewer than 50 rows, or the test rows are all of one day.
 */
export async function readFeatureTables(
  database: Database,
  dir: string,
): Promise<{ contract: ModelContract; tables: FeatureTables }> {
  const contract = await readContract(join(dir, 'contract.json'));
  const read = (split: string) => readFeatureTable(database, join(dir, `${split}.parquet`), contract);
  const tables = { train: await read('train'), validate: await read('validate'), test: await read('test') };
  requireDays(join(dir, 'test.parquet'), tables.test);
  return { contract, tables };
}
