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

/** A field of a logged request. */
export const fieldText: ToText = (name, type) => casts[type](`json_extract_string(request, ${quoteText(`$.${name}`)})`);

/** A column of a table. */
export const columnText: ToText = (name, type) => casts[type](`CAST(${identifier(name)} AS VARCHAR)`);

/** Names of the columns that tell the event of a request: all that a request of the model holds. */
export const keyColumns = (model: Model): string[] => requestColumns(model);

/** SQL of one text that two rows share when all their request columns agree. */
export function keyOf(model: Model, toText: ToText): string {
  const texts = keyColumns(model).map((name) => {
    const text = toText(name, model.events.columns[name]?.type ?? 'text');
    // Absent is a value of its own, which no text can be.
    return `coalesce('=' || ${text}, '-')`;
  });
  return `concat_ws(chr(31), ${texts.join(', ')})`;
}
