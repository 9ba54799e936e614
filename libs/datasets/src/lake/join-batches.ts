import type { Source } from '@repo/contract/source';
import { duckdbType } from '../column-type.ts';
import { identifier, quoteText } from '../sql-text.ts';

/** A file of rows on this machine; `number` of the batch, or null for a part, which holds the numbers of its batches. */
export interface RowFile {
  readonly path: string;
  readonly number: number | null;
}

const list = (paths: readonly string[]): string => `[${paths.map(quoteText).join(', ')}]`;

/** Columns of the rows of batches: the source's, when a row was known, and the number of the batch that brought it. */
export const batchColumns = (source: Source): string[] => [
  ...Object.keys(source.columns).map(identifier),
  '_observed_at',
  '_number',
];

/**
 * SELECT of all rows of some batches, with {@link batchColumns}. A column that was declared after a batch was written is null in its rows;
 * one that is declared no more is left out.
 */
export function joinBatches(source: Source, files: readonly RowFile[]): string {
  const types = Object.entries(source.columns).map(([name, { type }]) => [identifier(name), duckdbType[type]] as const);
  const all = [...types, ['_observed_at', 'TIMESTAMP WITH TIME ZONE'] as const, ['_number', 'BIGINT'] as const];
  const nothing = all.map(([name, type]) => `CAST(NULL AS ${type}) AS ${name}`).join(', ');
  const read = 'union_by_name = true, hive_partitioning = false';
  const parts = files.filter(({ number }) => number === null).map(({ path }) => path);
  const batches = files.filter(({ number }) => number !== null);
  const numbers = batches.map(({ path, number }) => `(${quoteText(path)}, ${number})`).join(', ');
  const selects = [
    `SELECT ${nothing} LIMIT 0`,
    ...(parts.length === 0 ? [] : [`SELECT * FROM read_parquet(${list(parts)}, ${read})`]),
    ...(batches.length === 0
      ? []
      : [
          `SELECT * EXCLUDE (_path, _file) FROM read_parquet(${list(batches.map(({ path }) => path))}, filename = '_path', ${read})
           JOIN (VALUES ${numbers}) AS numbers(_file, _number) ON _path = _file`,
        ]),
  ];
  const cast = all.map(([name, type]) => `CAST(${name} AS ${type}) AS ${name}`).join(', ');
  return `SELECT ${cast} FROM (${selects.map((select) => `(${select})`).join(' UNION ALL BY NAME ')})`;
}
