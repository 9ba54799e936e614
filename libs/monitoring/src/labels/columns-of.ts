import type { Database } from '@repo/datasets/database';

/** Columns of a relation, such as `read_parquet('x')` or a view, and their DuckDB types. Throws DuckDB's Error where it cannot be read. */
export async function columnsOf(database: Database, relation: string): Promise<Map<string, string>> {
  const rows = await database.rows(`DESCRIBE SELECT * FROM ${relation}`);
  return new Map(rows.map(({ column_name, column_type }) => [String(column_name), String(column_type)]));
}
