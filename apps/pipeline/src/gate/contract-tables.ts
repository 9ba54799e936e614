import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import type { View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { writeMatrix } from '@repo/features/write-matrix';
import type { FeatureTable } from '@repo/training/feature-table';
import { readFeatureTable } from '@repo/training/read-feature-table';
import type { Context } from '../context.ts';
import { joinEvents } from '../join-events.ts';
import { type SplitName, splitRange } from '../split-range.ts';

/** What tables are made from. */
export interface ContractTablesOptions {
  model: Model;
  contract: ModelContract;
  /** Views of the contract over today's sources. */
  views: readonly View[];
  /** Relation of each source that they read, by its name. */
  relations: Readonly<Record<string, string>>;
  /** Folder of the features stage. */
  featuresDir: string;
  /** Whose tables they are, such as `candidate`. */
  owner: string;
}

/** All that decides how a row is encoded: two contracts that agree on it have the same tables. */
const encodingOf = ({ features, views, cutoff }: ModelContract): string =>
  canonicalJson({ features, cutoff, views: views.map(({ digest }) => digest) });

/** Whether two contracts encode rows alike. */
export const encodesAlike = (a: ModelContract, b: ModelContract): boolean => encodingOf(a) === encodingOf(b);

/** Joins the events with the views of the contract, and encodes them with its categories. */
async function joinAnew<S extends SplitName>(
  context: Context,
  database: Database,
  options: ContractTablesOptions,
  splits: readonly S[],
): Promise<Record<S, FeatureTable>> {
  const { model, contract, views, relations, owner } = options;
  const into = 'joined_anew';
  const folder = await mkdtemp(join(tmpdir(), 'tables-'));
  try {
    const { cutoff } = contract;
    await joinEvents(context, database, { model, views, cutoff, relations, into, step: `join features of ${owner}` });
    const tables: Partial<Record<S, FeatureTable>> = {};
    for (const split of splits) {
      const path = join(folder, `${split}.parquet`);
      await writeMatrix(database, { table: into, features: contract.features, ...splitRange(model, split), path });
      tables[split] = await readFeatureTable(database, path, contract);
    }
    return tables as Record<S, FeatureTable>;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError({
      path: `features of ${owner}`,
      received: (error as Error).message.split('\n')[0] ?? '',
      allowed: 'views that can be joined with the data of this checkout',
      action: 'train again, or keep the columns that the views read',
    });
  } finally {
    await database.run(`DROP TABLE IF EXISTS ${into}`);
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Splits of a model's data as a contract encodes them: those of the features stage where it encodes alike, else joined anew with the views
 * and categories of the contract. Throws InputError where the views no longer fit the data.
 */
export async function contractTables<S extends SplitName>(
  context: Context,
  database: Database,
  options: ContractTablesOptions,
  splits: readonly S[],
): Promise<Record<S, FeatureTable>> {
  const { contract, featuresDir } = options;
  const stage = modelContractSchema.parse(JSON.parse(await readFile(join(featuresDir, 'contract.json'), 'utf8')));
  if (!encodesAlike(stage, contract)) return joinAnew(context, database, options, splits);
  const tables: Partial<Record<S, FeatureTable>> = {};
  for (const split of splits)
    tables[split] = await readFeatureTable(database, join(featuresDir, `${split}.parquet`), contract);
  return tables as Record<S, FeatureTable>;
}
