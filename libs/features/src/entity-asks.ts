import type { InstantUs } from '@repo/contract/instant';
import type { ColumnType } from '@repo/contract/source';
import type { LookedUpViewSpec, View } from '@repo/contract/view';
import { quoteText } from '@repo/datasets/sql-text';
import type { EntityValues } from './online-store.ts';

const sqlTypes: Partial<Record<ColumnType, string>> = { integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN' };

/** Asks for these entities of a view at one moment, known or not, as `asOfView` takes them. There must be one at least. */
export function entityAsks(
  { spec, source }: View<LookedUpViewSpec>,
  among: readonly EntityValues[],
  atUs: InstantUs,
): string {
  const types = spec.entity.map((name) => sqlTypes[source.columns[name]?.type ?? 'text'] ?? 'VARCHAR');
  const row = (entity: EntityValues) =>
    `(${entity.map((value, i) => `CAST(${quoteText(String(value))} AS ${types[i]})`).join(', ')})`;
  const names = types.map((_, i) => `e${i}`).join(', ');
  return `SELECT ${names}, 0 AS ask, ${atUs} AS moment FROM (VALUES ${among.map(row).join(', ')}) AS asked(${names})`;
}
