import { columnNameSchema } from '@repo/contract/name';
import { parseOrThrow } from '@repo/contract/parse';

/** A checked column or table name as a quoted SQL identifier; throws InputError for any other text, so nothing can be smuggled in. */
export const identifier = (name: string): string => `"${parseOrThrow(columnNameSchema, name, 'identifier')}"`;

/** A text as an SQL literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A column name of a raw file, whatever it holds, as a quoted SQL identifier. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
