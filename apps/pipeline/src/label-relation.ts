import { existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import type { Source } from '@repo/contract/source';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import type { Context } from './context.ts';
import { baseSnapshot, currentSnapshot, withLake } from './snapshots.ts';

/** Labels as SQL, and what to call them in errors. */
export interface LabelRelation {
  readonly relation: string;
  readonly path: string;
}

export interface LabelRelationOptions {
  readonly model: Model;
  /** File or folder; null: the table of the model's events. */
  readonly path: string | null;
  /** The table is taken as it was known then. */
  readonly atUs: number;
}

const readers: Readonly<Record<string, (files: string) => string>> = {
  '.parquet': (files) => `read_parquet(${files}, union_by_name = true, hive_partitioning = false)`,
  '.csv': (files) =>
    `read_csv(${files}, header = true, all_varchar = true, union_by_name = true, hive_partitioning = false)`,
};
const allowed = 'a .parquet or .csv file, or a folder of files of one of these kinds';

function refuse(path: string, received: string, action: string): never {
  throw new InputError({ path: `--labels ${path}`, received, allowed, action });
}

/** The files behind a path, all of one kind. */
function filesOf(path: string): string[] {
  if (!existsSync(path)) refuse(path, 'no such file', 'correct the path');
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => extname(name) in readers)
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (files.length === 0) refuse(path, 'a folder without labels', 'put them there');
  const kinds = new Set(files.map((file) => extname(file)));
  if (kinds.size > 1)
    refuse(path, `files of the kinds ${[...kinds].join(', ')}`, 'keep each kind in a folder of its own');
  if (!(([...kinds][0] as string) in readers)) refuse(path, 'another kind of file', 'convert it');
  return files;
}

/** The table of a source: with a lake as it was known at a moment, so that a later correction is not there yet. */
function eventsRelation(context: Context, source: Source, atUs: number): Promise<string> {
  return withLake(context, source, async (lake) => {
    if ((await lake.head()) !== null) {
      const base = (await baseSnapshot(context, source)).dataPath;
      return lake.tableSql({ base, atObservedUs: atUs });
    }
    const { dataPath } = await currentSnapshot(context, source);
    return `read_parquet(${quoteText(dataPath)}, hive_partitioning = false)`;
  });
}

/**
 * Where labels come from: a file or folder, which may grow, else the table of the model's events. Throws InputError for files that cannot be
 * read as what their ending says.
 */
export async function labelRelation(
  context: Context,
  database: Database,
  { model, path, atUs }: LabelRelationOptions,
): Promise<LabelRelation> {
  if (path === null)
    return { relation: await eventsRelation(context, model.events, atUs), path: `the data of ${model.events.name}` };
  const files = filesOf(path);
  const reader = readers[extname(files[0] as string)] as (list: string) => string;
  const relation = reader(`[${files.map(quoteText).join(', ')}]`);
  try {
    await database.rows(`DESCRIBE SELECT * FROM ${relation}`);
  } catch (error) {
    refuse(path, `a file that cannot be read (${(error as Error).message.split('\n')[0]})`, 'write it anew');
  }
  return { relation, path: `--labels ${path}` };
}
