import { z } from 'zod';
import { parseOrThrow } from './parse.ts';

/** Databases that a source can read in place. */
export const SqlDatabase = { sqlite: 'sqlite', postgres: 'postgres' } as const;
export type SqlDatabase = (typeof SqlDatabase)[keyof typeof SqlDatabase];

/** A raw table that lies in a database which was there before: a legacy system, a warehouse. */
export interface SqlTableDefinition {
  database: SqlDatabase;
  /**
   * Name of the environment variable that says where: the path of the file for SQLite, `postgres://...` or `host=... user=...` for
   * Postgres. A connection and its password never stand in the tree.
   */
  from: string;
  /** The table or view, `flights` or `<schema>.flights`; without a schema `main` in SQLite, `public` in Postgres. */
  table?: string | undefined;
  /** For Postgres, in place of `table`: one SELECT that it runs itself, read-only. Written by the source's owner, never built from input. */
  query?: string | undefined;
}

/** A checked {@link SqlTableDefinition}. */
export interface SqlTable extends SqlTableDefinition {
  readonly kind: 'sqlTable';
}

/** Any name that a database may use, but for dots, which part the schema from the table, and for characters that nobody can see. */
const part = '[^\\s."\\p{Cc}](?:[^."\\p{Cc}]{0,61}[^\\s."\\p{Cc}])?';

const schema: z.ZodType<SqlTableDefinition> = z
  .strictObject({
    database: z.enum(SqlDatabase),
    from: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, { error: 'the name of an environment variable, such as FLIGHTS_DATABASE' })
      .max(100),
    table: z
      .string()
      .regex(new RegExp(`^${part}(?:\\.${part})?$`, 'u'), { error: 'the name of a table, or <schema>.<table>' })
      .optional(),
    query: z.string().min(1).optional(),
  })
  .superRefine(({ database, table, query }, context) => {
    const refuse = (received: string, allowed: string, action: string) =>
      context.addIssue({
        code: 'custom',
        path: [query === undefined ? 'table' : 'query'],
        params: { received, allowed, action },
      });
    if (table === undefined && query === undefined)
      refuse('nothing', 'a table, or for postgres a query', 'name the table');
    else if (table !== undefined && query !== undefined)
      refuse('a table and a query', 'one of the two', 'leave one out');
    else if (query !== undefined && database !== SqlDatabase.postgres)
      refuse(
        `a query of ${database}`,
        'a query of postgres',
        'name a table or view, and select in the SQL of the source',
      );
  });

/**
 * Declares a raw table of a source that lies in an SQLite file or a Postgres database. It is read in place and read-only whenever the
 * source is ingested. Throws InputError listing every problem.
 */
export function sqlTable(definition: SqlTableDefinition): SqlTable {
  return { ...parseOrThrow(schema, definition, 'sqlTable'), kind: 'sqlTable' };
}
