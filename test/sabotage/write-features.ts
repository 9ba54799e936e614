import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { deriveContract } from '@repo/contract/derive-contract';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import { quoteText } from '@repo/datasets/sql-text';
import { writeMatrix } from '@repo/features/write-matrix';
import { type SplitName, splitNames, splitRange } from '@repo/pipeline/split-range';
import type { FlightsRoad } from './flights-road.ts';

/** The contract of a definition over the flights; the categories are those of the honest training rows. */
export const contractOf = (model: Model, { dataBeginsUs, categories }: FlightsRoad): ModelContract =>
  deriveContract(model, { dataBeginsUs, categories });

const writeContract = (model: Model, road: FlightsRoad, dir: string) =>
  writeFile(join(dir, 'contract.json'), canonicalJson(contractOf(model, road)));

/** Writes the tables of all splits to a folder that it makes, as the features stage does. */
export async function writeFeatures(model: Model, road: FlightsRoad, dir: string): Promise<void> {
  const { features } = contractOf(model, road);
  for (const split of splitNames) {
    const path = join(dir, `${split}.parquet`);
    await writeMatrix(road.database, { table: road.joined, features, ...splitRange(model, split), path });
  }
  await writeContract(model, road, dir);
}

/** SELECT of a split's rows, given the relation that holds the honest ones. It may read the sources too, such as `flights`. */
export type RowsSql = (split: SplitName, rows: string) => string;

/** Writes tables made from others by SQL to a folder that it makes: what a mistake in a pipeline would write. */
export async function rewriteFeatures(
  model: Model,
  road: FlightsRoad,
  folders: { from: string; to: string },
  sql: RowsSql,
): Promise<void> {
  await mkdir(folders.to, { recursive: true });
  for (const split of splitNames) {
    const rows = `read_parquet(${quoteText(join(folders.from, `${split}.parquet`))})`;
    const path = quoteText(join(folders.to, `${split}.parquet`));
    await road.database.run(`COPY (${sql(split, rows)}) TO ${path} (FORMAT parquet)`);
  }
  await writeContract(model, road, folders.to);
}
