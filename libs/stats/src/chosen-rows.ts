import { type Column, checkRows, refusal } from './column.ts';
import type { Clusters } from './paired-bootstrap.ts';

/** The columns of some rows, and the clusters that these rows belong to, numbered as before. */
export interface ChosenRows {
  readonly clusters: Clusters;
  /** In the order the columns were given in. */
  readonly columns: readonly Float64Array[];
}

/**
 * Takes the rows whose `among` is 1; without it, all.
 * Throws RangeError when a column is of another length than the clusters, `among` is not 0 or 1, or no row is taken.
 */
export function chooseRows(
  clusters: Clusters,
  columnsByName: Readonly<Record<string, Column>>,
  among: Column | undefined,
  amongName = 'among',
): ChosenRows {
  checkRows({ clusters: clusters.ofRow, ...columnsByName, ...(among && { [amongName]: among }) });
  const chosen = among ? rowsAmong(amongName, among) : undefined;
  const take = (column: Column) =>
    chosen ? Float64Array.from(chosen, (row) => column[row] as number) : Float64Array.from(column);
  return {
    clusters: { count: clusters.count, ofRow: chosen ? Int32Array.from(take(clusters.ofRow)) : clusters.ofRow },
    columns: Object.values(columnsByName).map(take),
  };
}

function rowsAmong(name: string, among: Column): number[] {
  const rows: number[] = [];
  for (let row = 0; row < among.length; row++) {
    const member = among[row];
    if (member === 1) rows.push(row);
    else if (member !== 0)
      throw refusal(`${name}[${row}]`, member, '0 or 1', 'mark the rows of the group with 1 and all others with 0');
  }
  if (rows.length === 0) throw refusal(name, 'no row of 1', 'at least one', 'leave out the groups that have no rows');
  return rows;
}
