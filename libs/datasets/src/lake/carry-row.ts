import { InputError } from '@repo/contract/input-error';
import type { Source } from '@repo/contract/source';
import type { Database } from '../database.ts';
import { sqlError } from '../raw-tables.ts';
import { quoteText } from '../sql-text.ts';

interface QueryNode {
  type: string;
  select_list?: unknown[];
  left?: QueryNode;
  right?: QueryNode;
}

/** Positions of words in the text, which nothing needs here; one that is unknown is too large a number for JavaScript. */
const positions = /"query_location":\d+/g;

function addColumn(node: QueryNode, name: string): boolean {
  if (node.left !== undefined && node.right !== undefined)
    return addColumn(node.left, name) && addColumn(node.right, name);
  if (node.select_list === undefined) return false;
  node.select_list.push({
    class: 'COLUMN_REF',
    type: 'COLUMN_REF',
    alias: '',
    query_location: 0,
    column_names: [name],
  });
  return true;
}

/**
 * The SQL of a source that also selects the column `name` of its first raw table, so that each typed row says which raw row it was made
 * of. Added to the parsed statement, not to its text. The raw tables must be open, the first with that column. Throws InputError
 * where the last SELECT cannot see the column: where rows are grouped, or a column list stands in between.
 */
export async function carryRow(database: Database, source: Source, name: string): Promise<string> {
  const [parsed] = await database.rows(`SELECT json_serialize_sql(${quoteText(source.sql)}) AS tree`);
  const tree = JSON.parse(String(parsed?.tree).replaceAll(positions, '"query_location":0'));
  const node = tree.statements?.[0]?.node as QueryNode | undefined;
  const path = `${source.name}.sql`;
  if (node !== undefined && addColumn(node, name)) {
    const text = quoteText(JSON.stringify(tree));
    const [made] = await database.rows(`SELECT json_deserialize_sql(${text}) AS sql`);
    const sql = String(made?.sql);
    try {
      await database.rows(`DESCRIBE ${sql}`);
      return sql;
    } catch (error) {
      if (!String(error).includes(name)) throw sqlError(path, error, 'correct the SQL');
    }
  }
  const table = Object.keys(source.raw)[0];
  throw new InputError({
    path,
    received: `a SELECT that does not hand the columns of ${table} on to its end`,
    allowed: `one row for one row of ${table}: ${table}.* up to the last SELECT, and no GROUP BY`,
    action: 'rewrite it so, as batches are typed row by row; or go without batches',
  });
}
