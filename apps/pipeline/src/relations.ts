import type { Database } from '@repo/datasets/database';
import type { Snapshot } from '@repo/datasets/snapshot';
import { quoteText } from '@repo/datasets/sql-text';

/**
 * Opens snapshots as views of a database and answers their names by source. Source names are checked words joined by dashes, so a dash becomes
 * an underscore; paths are quoted, and a folder called `origin=EWR` is a folder, not a column.
 */
export async function openRelations(
  database: Database,
  snapshots: Readonly<Record<string, Snapshot>>,
): Promise<Record<string, string>> {
  const relations: Record<string, string> = {};
  for (const [source, { dataPath }] of Object.entries(snapshots)) {
    const name = `source_${source.replaceAll('-', '_')}`;
    await database.run(
      `CREATE VIEW "${name}" AS SELECT * FROM read_parquet(${quoteText(dataPath)}, hive_partitioning = false)`,
    );
    relations[source] = name;
  }
  return relations;
}
