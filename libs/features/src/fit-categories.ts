import { InputError } from '@repo/contract/input-error';
import { formatInstant, type InstantUs } from '@repo/contract/instant';
import type { View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { sqlName } from './sql-name.ts';

/** Rows with the mean label that every category is given on top of its own, which draws rare ones towards the middle. */
export const smoothingRows = 20;
/** A category with fewer training rows than this is not listed: the model sees it as missing. */
export const minimumRows = 20;

export interface FitCategoriesOptions {
  /** A table made by joinFeatures. */
  table: string;
  views: readonly View[];
  /** Training rows have an event time in [fromUs, toUs). Rows without a label do not count. */
  fromUs: InstantUs;
  toUs: InstantUs;
}

/**
 * Lists each category feature's values in code order: rising smoothed mean of the label over the training rows,
 * (sum + smoothingRows * mean of all) / (rows + smoothingRows), equal means in order of the text; so that a tree can split an ordered
 * code where it would have to try subsets of names. Labels are added in whole millionths, so that the order of rows changes nothing.
 * Throws InputError when there is no training row.
 */
export async function fitCategories(db: Database, options: FitCategoriesOptions): Promise<Record<string, string[]>> {
  const { table, views, fromUs, toUs } = options;
  const training = `(SELECT *, CAST(round(label * 1000000) AS HUGEINT) AS millionths FROM ${sqlName(table)}
    WHERE label IS NOT NULL AND time >= ${fromUs} AND time < ${toUs})`;
  const [all] = await db.rows(`SELECT sum(millionths) AS total, count(*) AS rows FROM ${training}`);
  if (Number(all?.rows) === 0) {
    throw new InputError({
      path: 'split.train',
      received: `no row with a label in [${formatInstant(fromUs)}, ${formatInstant(toUs)})`,
      allowed: 'days with labelled rows',
      action: 'move the split, or ingest the data of these days',
    });
  }
  const mean = Number(all?.total) / Number(all?.rows);
  const categories: Record<string, string[]> = {};
  const names = views.flatMap(({ spec }) =>
    Object.entries(spec.features).flatMap(([name, feature]) => (feature.from === 'category' ? [name] : [])),
  );
  for (const name of names) {
    const groups = await db.rows(`SELECT ${sqlName(name)} AS category, sum(millionths) AS total, count(*) AS rows
      FROM ${training} WHERE ${sqlName(name)} IS NOT NULL GROUP BY 1 HAVING count(*) >= ${minimumRows}`);
    categories[name] = groups
      .map(({ category, total, rows }) => ({
        category: String(category),
        score: (Number(total) + smoothingRows * mean) / (Number(rows) + smoothingRows),
      }))
      .sort((a, b) => a.score - b.score || (a.category < b.category ? -1 : 1))
      .map(({ category }) => category);
  }
  return categories;
}
