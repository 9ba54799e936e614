import type { Model } from '@repo/contract/model';
import type { Database, Row } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { sliceColumns } from '../labels/slice-columns.ts';
import { exactSum, readExactSum } from './exact-sum.ts';
import { lossSql } from './loss-sql.ts';

/** What happened to the answers of one group on one day. */
export interface DaySum {
  /** What the group is of: `all` and `decisions`, `version`, `variant`, `level`, `answers` (whole or degraded), or a slice. */
  readonly dimension: string;
  readonly group: string;
  /** Since 1970, UTC. */
  readonly day: number;
  readonly answers: number;
  /** Whose label is known, and the sum of their losses: provisional, as what is known early differs from what is not. */
  readonly known: number;
  readonly knownLoss: number;
  /** The same of answers that are old enough; only these are a fair sample. */
  readonly matured: number;
  readonly maturedLoss: number;
  readonly positive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
}

const number = (value: Row[string] | undefined): number => Number(value ?? 0);

/** A group of a dimension; null: the row is in none. Quality is that of the champion level: others answer with less, and are told apart. */
function dimensions(model: Model): [string, string][] {
  const own = (sql: string): string => `CASE WHEN level = 'champion' THEN ${sql} END`;
  return [
    ['all', own("''")],
    ['decisions', "''"],
    ['version', own('version')],
    ['variant', own('variant')],
    ['level', 'level'],
    ['answers', own("CASE WHEN degraded THEN 'degraded' ELSE 'whole' END")],
    ...sliceColumns(model).map(({ slice, column }): [string, string] => [slice, own(column)]),
  ];
}

/** Sums of the view `outcomes` from [from, to) by group and day, in the order of dimensions, groups and days. */
export async function readDaySums(
  database: Database,
  model: Model,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): Promise<DaySum[]> {
  const groups = dimensions(model).map(
    ([name, sql], i) => `{'at': ${i}, 'dimension': ${quoteText(name)}, 'name': ${sql}}`,
  );
  const rows = await database.rows(`
    WITH valued AS (
      SELECT at_us // 86400000000 AS day, decision, label, matured, ${lossSql[model.task]} AS loss, unnest([${groups.join(', ')}]) AS grouped
      FROM outcomes WHERE at_us >= ${fromUs} AND at_us < ${toUs}
    )
    SELECT grouped.dimension AS dimension, grouped.name AS name, day, count(*) AS answers, count(loss) AS known, ${exactSum('loss')} AS known_loss,
      count(loss) FILTER (matured) AS matured, ${exactSum('loss')} FILTER (matured) AS matured_loss,
      count(*) FILTER (matured AND loss IS NOT NULL AND label = 1) AS positive,
      count(*) FILTER (matured AND loss IS NOT NULL AND decision AND label = 0) AS false_positive,
      count(*) FILTER (matured AND loss IS NOT NULL AND NOT decision AND label = 1) AS false_negative
    FROM valued WHERE grouped.name IS NOT NULL GROUP BY grouped.at, grouped.dimension, grouped.name, day ORDER BY grouped.at, name, day`);
  return rows.map((row) => ({
    dimension: String(row.dimension),
    group: String(row.name),
    day: number(row.day),
    answers: number(row.answers),
    known: number(row.known),
    knownLoss: readExactSum(row.known_loss),
    matured: number(row.matured),
    maturedLoss: readExactSum(row.matured_loss),
    positive: number(row.positive),
    falsePositive: number(row.false_positive),
    falseNegative: number(row.false_negative),
  }));
}
