import { ColumnType } from '@repo/contract/source';

/** DuckDB type of each column type, in SQL and in the Parquet files of a snapshot. Instants are microseconds, adjusted to UTC. */
export const duckdbType: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMP WITH TIME ZONE',
};

/** The column type of a DuckDB type, or the DuckDB type itself where no column type has it, for messages. */
export function columnTypeOf(duckdb: string): string {
  return Object.values(ColumnType).find((type) => duckdbType[type] === duckdb) ?? duckdb;
}
