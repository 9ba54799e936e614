import type { InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import { duckdbType } from '../column-type.ts';
import type { Database } from '../database.ts';
import { identifier, quoteName, quoteText } from '../sql-text.ts';
import { castText, type RawColumn } from './read-batch.ts';

export interface TypeBatchOptions {
  readonly columns: readonly RawColumn[];
  readonly hasObserved: boolean;
  /** When rows were known that do not say so. */
  readonly nowUs: InstantUs;
  /** SQL of the source that hands on `_row`; see carryRow. */
  readonly sql: string;
  /** Rows that may be broken before the batch is not looked into any further. */
  readonly mostBroken: number;
}

/** Rows whose values are not of their column's type are broken, by the rule `type:<column>`. */
async function findMistyped(database: Database, columns: readonly RawColumn[], hasObserved: boolean): Promise<void> {
  const read = [...columns, ...(hasObserved ? [{ name: 'observed_at', type: 'TIMESTAMP WITH TIME ZONE' }] : [])];
  const rules = read.map(({ name, type }, i) => {
    const text = `_text[${i + 1}]`;
    return `CASE WHEN ${text} IS NOT NULL AND ${castText(text, type)} IS NULL THEN ${quoteText(`type:${name}`)} END`;
  });
  await database.run(
    `INSERT INTO batch_broken SELECT _row, rule FROM (SELECT _row, unnest([${rules.join(', ')}]) AS rule FROM batch_rows)
     WHERE rule IS NOT NULL`,
  );
}

/**
 * Types the rows from `low` to `high`. Where the SQL fails on them it is tried on each half, down to the rows that are to blame, which
 * break the rule `sql`. Answers how many these are.
 */
async function typeRange(database: Database, sql: string, most: number, low: number, high: number): Promise<number> {
  await database.run(`CREATE OR REPLACE TEMP TABLE batch_range AS SELECT ${low} AS low, ${high} AS high`);
  try {
    await database.run(`INSERT INTO batch_typed BY NAME ${sql}`);
    return 0;
  } catch {
    if (low === high) {
      await database.run(`INSERT INTO batch_broken VALUES (${low}, 'sql')`);
      return 1;
    }
  }
  const middle = Math.floor((low + high) / 2);
  const broken = await typeRange(database, sql, most, low, middle);
  if (broken > most) return broken;
  return broken + (await typeRange(database, sql, most - broken, middle + 1, high));
}

/**
 * Makes of `batch_rows` the tables `batch_typed`, with the source's columns, `_row` and `_observed_at`, and `batch_broken`, with the rows
 * that cannot be typed and why. While it runs, the first raw table is the batch.
 */
export async function typeBatch(database: Database, source: Source, options: TypeBatchOptions): Promise<void> {
  const { columns, hasObserved, nowUs, sql, mostBroken } = options;
  await database.run('CREATE OR REPLACE TEMP TABLE batch_broken (_row BIGINT, rule VARCHAR)');
  await findMistyped(database, columns, hasObserved);
  const values = columns.map(({ name, type }, i) => `${castText(`_text[${i + 1}]`, type)} AS ${quoteName(name)}`);
  const typed = Object.entries(source.columns).map(([name, { type }]) => `${identifier(name)} ${duckdbType[type]}`);
  await database.run(`CREATE OR REPLACE TEMP TABLE batch_typed (${typed.join(', ')}, _row BIGINT)`);
  await database.run('CREATE OR REPLACE TEMP TABLE batch_range AS SELECT 0 AS low, 0 AS high');
  await database.run(
    `CREATE OR REPLACE VIEW raw.${identifier(Object.keys(source.raw)[0] ?? '')} AS SELECT ${values.join(', ')}, _row FROM batch_rows
     WHERE _row BETWEEN (SELECT low FROM batch_range) AND (SELECT high FROM batch_range)
       AND _row NOT IN (SELECT _row FROM batch_broken)`,
  );
  const [last] = await database.rows('SELECT max(_row) AS n FROM batch_rows');
  await typeRange(database, sql, mostBroken, 1, Number(last?.n));
  const now = `make_timestamptz(${nowUs})`;
  const observed = hasObserved ? `coalesce(TRY_CAST(_text[${columns.length + 1}] AS TIMESTAMPTZ), ${now})` : now;
  await database.run(
    `CREATE OR REPLACE TEMP TABLE batch_typed AS SELECT batch_typed.*, ${observed} AS _observed_at
     FROM batch_typed JOIN batch_rows USING (_row)`,
  );
}
