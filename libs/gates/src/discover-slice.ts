import type { ModelContract } from '@repo/contract/model-contract';

/** Rows that are told apart by a condition on one feature. */
interface Condition {
  text: string;
  holds(row: number): boolean;
}

/** What a slice is looked for in. */
export interface SliceSearch {
  contract: ModelContract;
  columns: readonly Float32Array[];
  /** Loss of the candidate less that of the champion, by row. */
  excess: Float64Array;
  /** Rows to search, and fewest that a slice may have. */
  rows: readonly number[];
  leastRows: number;
}

/** Cuts of a number that are tried: its quantiles. */
const cuts = 15;

function numberConditions(name: string, column: Float32Array, rows: readonly number[]): Condition[] {
  const sorted = Float32Array.from(rows, (row) => column[row] as number)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const at = (i: number) => sorted[Math.floor((i * sorted.length) / (cuts + 1))] as number;
  const edges = new Set(sorted.length === 0 ? [] : Array.from({ length: cuts }, (_, i) => at(i + 1)));
  const show = (edge: number) => Number(edge.toPrecision(4));
  return [
    ...[...edges].flatMap((edge) => [
      { text: `${name} <= ${show(edge)}`, holds: (row: number) => (column[row] as number) <= edge },
      { text: `not ${name} <= ${show(edge)}`, holds: (row: number) => !((column[row] as number) <= edge) },
    ]),
    { text: `${name} is missing`, holds: (row: number) => Number.isNaN(column[row]) },
    { text: `${name} is there`, holds: (row: number) => !Number.isNaN(column[row]) },
  ];
}

function categoryConditions(name: string, categories: readonly string[], column: Float32Array): Condition[] {
  const conditions = categories.map((category, code) => [
    { text: `${name} is ${category}`, holds: (row: number) => column[row] === code },
    { text: `${name} is not ${category}`, holds: (row: number) => column[row] !== code },
  ]);
  return [...conditions.flat(), { text: `${name} is missing`, holds: (row: number) => Number.isNaN(column[row]) }];
}

const sumOver = (values: Float64Array, rows: readonly number[]) =>
  rows.reduce((sum, row) => sum + (values[row] as number), 0);

/** How far the rows on which a condition holds stand out: their mean excess over that of all, weighed by how many they are. */
function standOut({ excess, rows, leastRows }: SliceSearch, { holds }: Condition, mean: number): number {
  let sum = 0;
  let chosen = 0;
  for (const row of rows)
    if (holds(row)) {
      sum += excess[row] as number;
      chosen += 1;
    }
  const others = rows.length - chosen;
  if (chosen < leastRows || others === 0) return 0;
  const difference = sum / chosen - mean;
  return difference <= 0 ? 0 : (difference ** 2 * chosen * rows.length) / others;
}

/** The condition that leaves the rows with the most excess, as a regression tree splits. */
function bestCondition(search: SliceSearch): { condition: Condition; rows: number[] } | null {
  const { contract, columns, excess, rows } = search;
  const mean = sumOver(excess, rows) / rows.length;
  let best: Condition | null = null;
  let most = 0;
  contract.features.forEach(({ name, categories }, feature) => {
    const column = columns[feature] as Float32Array;
    const conditions =
      categories === null ? numberConditions(name, column, rows) : categoryConditions(name, categories, column);
    for (const condition of conditions) {
      const score = standOut(search, condition, mean);
      if (score <= most) continue;
      most = score;
      best = condition;
    }
  });
  const condition = best as Condition | null;
  return condition === null ? null : { condition, rows: rows.filter(condition.holds) };
}

/**
 * Looks for the slice, of at most two conditions, on which the candidate loses most against the champion: the worst way down a regression
 * tree of depth 2. Null where every row loses alike. What it finds looks worse on the rows it was found in than it is: measure on others.
 */
export function discoverSlice(search: SliceSearch): Condition | null {
  const first = bestCondition(search);
  if (first === null) return null;
  const second = bestCondition({ ...search, rows: first.rows });
  if (second === null) return first.condition;
  const [a, b] = [first.condition, second.condition];
  return { text: `${a.text} and ${b.text}`, holds: (row) => a.holds(row) && b.holds(row) };
}
