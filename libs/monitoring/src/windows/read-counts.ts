import type { Row } from '@repo/datasets/database';

/** DuckDB's value of `histogram(x, edges)`: a map, or null where there was no value. */
interface CountMap {
  readonly entries: readonly { readonly key: unknown; readonly value: unknown }[];
}

/** SQL of how many values of a FLOAT expression lie in each bin of a profile; read by {@link readCounts}. Null when there are none. */
export function countsSql(value: string, edges: readonly number[]): string {
  // histogram() refuses an empty list. Edges are FLOATs as the values of training were, so that a value on an edge stays in its bin.
  // As texts: through a decimal they would lose their last digit.
  const list = edges.map((edge) => `'${Math.fround(edge)}'::FLOAT`).join(', ');
  return edges.length === 0 ? `count(${value})` : `histogram(${value}, [${list}])`;
}

/** Counts by bin from what {@link countsSql} gave. */
export function readCounts(value: Row[string] | undefined, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  if (value === null || value === undefined) return counts;
  if (edges.length === 0) return [Number(value)];
  const bins = new Map(edges.map((edge, bin) => [Math.fround(edge), bin]));
  for (const { key, value: count } of (value as unknown as CountMap).entries) {
    // What lies beyond the last edge has a key of its own.
    const bin = bins.get(Number(key)) ?? edges.length;
    counts[bin] = (counts[bin] as number) + Number(count);
  }
  return counts;
}
