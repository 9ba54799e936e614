/** Quotes a table, view or column name for DuckDB SQL. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
