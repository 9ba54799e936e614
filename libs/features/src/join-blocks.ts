import type { Database, Row } from '@repo/datasets/database';

/** The first and the last moment of some asks, UTC microseconds. */
export interface Moments {
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Rows that are joined together. */
export interface JoinBlock {
  /** SQL condition on the moment of a row. */
  readonly where: string;
  readonly moments: Moments;
}

export interface JoinBlocks {
  readonly blocks: readonly JoinBlock[];
  /** Whether the rows of one block after the other are the rows of the table in their order. */
  readonly inOrder: boolean;
}

/** Rows without a moment find nothing, whatever the span. */
const momentsOf = (row: Row | undefined): Moments => ({
  firstUs: Number(row?.first_us ?? 0),
  lastUs: Number(row?.last_us ?? 0),
});

/** Condition of each span between two of the rising bounds; rows without a moment are in the first. */
function conditions(moment: string, bounds: readonly bigint[]): string[] {
  const [first, last] = [bounds[0], bounds.at(-1)];
  const between = bounds.slice(1).map((until, i) => `${moment} >= ${bounds[i]} AND ${moment} < ${until}`);
  return [`(${moment} < ${first} OR ${moment} IS NULL)`, ...between, `${moment} >= ${last}`];
}

/**
 * Splits a relation by `moment`, the SQL of a BIGINT, into spans of time with about so many rows each, so that what a join holds at once does not
 * grow with the relation. Rows of one moment stay together.
 */
export async function findBlocks(
  db: Database,
  relation: string,
  moment: string,
  blockRows: number,
): Promise<JoinBlocks> {
  const [all] = await db.rows(
    `SELECT count(*) AS rows, count(${moment}) AS asks, min(${moment}) AS first_us, max(${moment}) AS last_us FROM ${relation}`,
  );
  const count = Math.ceil(Number(all?.rows) / blockRows);
  if (count <= 1 || Number(all?.asks) === 0)
    return { blocks: [{ where: 'true', moments: momentsOf(all) }], inOrder: true };
  const shares = Array.from({ length: count - 1 }, (_, i) => (i + 1) / count).join(', ');
  const found = await db.rows(
    `SELECT DISTINCT unnest(quantile_disc(${moment}, [${shares}])) AS bound FROM ${relation} ORDER BY 1`,
  );
  const bounds = found.map(({ bound }) => bound as bigint);
  const wheres = conditions(moment, bounds);
  const block = `CASE ${wheres.map((where, i) => `WHEN ${where} THEN ${i}`).join(' ')} END`;
  const rows =
    await db.rows(`SELECT ${block} AS block, count(*) AS rows, min(__place) AS first, max(__place) AS last, min(${moment}) AS first_us, max(${moment}) AS last_us
    FROM (SELECT *, row_number() OVER () AS __place FROM ${relation}) GROUP BY 1 ORDER BY 1`);
  let [before, inOrder] = [0, true];
  const blocks = rows.map((row): JoinBlock => {
    const size = Number(row.rows);
    inOrder &&= Number(row.first) === before + 1 && Number(row.last) === before + size;
    before += size;
    return { where: wheres[Number(row.block)] as string, moments: momentsOf(row) };
  });
  return { blocks, inOrder };
}
