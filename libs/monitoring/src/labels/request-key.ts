import type { Model } from '@repo/contract/model';
import { requestColumns } from '@repo/contract/request-columns';
import type { ColumnType } from '@repo/contract/source';
import { identifier, quoteText } from '@repo/datasets/sql-text';

/** SQL of a column's value as a text that is the same wherever the value comes from; null for what is none of its type. */
type ToText = (name: string, type: ColumnType) => string;

const casts: Readonly<Record<ColumnType, (text: string) => string>> = {
  text: (text) => text,
  integer: (text) => `CAST(TRY_CAST(${text} AS BIGINT) AS VARCHAR)`,
  number: (text) => `CAST(TRY_CAST(${text} AS DOUBLE) AS VARCHAR)`,
  boolean: (text) => `CAST(TRY_CAST(${text} AS BOOLEAN) AS VARCHAR)`,
  instant: (text) => `CAST(epoch_us(TRY_CAST(${text} AS TIMESTAMPTZ)) AS VARCHAR)`,
};

/** Names of the columns that tell the event of a request: all that a request of the model holds. */
export const keyColumns = (model: Model): string[] => requestColumns(model);

/**
 * SQL of the raw text of a field of a logged request. All fields are taken out at once, which DuckDB then does once for a row and not once
 * for a field: parsing is most of the work.
 */
export function rawField(model: Model, name: string): string {
  const names = keyColumns(model);
  const paths = names.map((one) => quoteText(`$.${one}`)).join(', ');
  const at = names.indexOf(name);
  if (at < 0) return `json_extract_string(request, ${quoteText(`$.${name}`)})`;
  return `json_extract_string(request, [${paths}])[${at + 1}]`;
}

/** A field of a logged request. */
export const fieldText =
  (model: Model): ToText =>
  (name, type) =>
    casts[type](rawField(model, name));

/** A column of a table. */
export const columnText: ToText = (name, type) => casts[type](`CAST(${identifier(name)} AS VARCHAR)`);

/** SQL of the 128-bit hash of a text: half the size of most keys, and joined as a number. Null stays null. */
export const hashOf = (text: string): string => `md5_number(${text})`;

/** SQL of one number that two rows share when all their request columns agree. */
export function keyOf(model: Model, toText: ToText): string {
  const texts = keyColumns(model).map((name) => {
    const text = toText(name, model.events.columns[name]?.type ?? 'text');
    // Absent is a value of its own, which no text can be.
    return `coalesce('=' || ${text}, '-')`;
  });
  return hashOf(`concat_ws(chr(31), ${texts.join(', ')})`);
}
