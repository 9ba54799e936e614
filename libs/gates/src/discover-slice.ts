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

/** How many rows there are, and the sum of their excess. */
interface Part {
  rows: number;
  excess: number;
}

/** A condition with the rows that it holds for. */
interface Found extends Part {
  condition: Condition;
}

/** Cuts of a number that are tried: its quantiles. */
const cuts = 15;
/** A condition and the opposite of its opposite leave the same rows, and the same excess but for rounding: the first of them is taken. */
const rounding = 1e-9;

/** Different quantiles of the values that there are, rising. */
function edgesOf(column: Float32Array, rows: readonly number[]): number[] {
  const sorted = new Float32Array(rows.length);
  let known = 0;
  for (const row of rows) {
    const value = column[row] as number;
    if (!Number.isNaN(value)) sorted[known++] = value;
  }
  const values = sorted.subarray(0, known).sort();
  const at = (i: number) => values[Math.floor((i * known) / (cuts + 1))] as number;
  return known === 0 ? [] : [...new Set(Array.from({ length: cuts }, (_, i) => at(i + 1)))];
}

/** Counts rows by place, each once, so that what holds for many conditions is added up for all of them in one pass. */
function partsBy({ rows, excess }: SliceSearch, places: number, placeOf: (row: number) => number): Part[] {
  const parts = Array.from({ length: places }, () => ({ rows: 0, excess: 0 }));
  for (const row of rows) {
    const part = parts[placeOf(row)] as Part;
    part.rows += 1;
    part.excess += excess[row] as number;
  }
  return parts;
}

const without = (all: Part, part: Part): Part => ({ rows: all.rows - part.rows, excess: all.excess - part.excess });

function numberConditions(search: SliceSearch, all: Part, name: string, column: Float32Array): Found[] {
  const edges = edgesOf(column, search.rows);
  const missing = edges.length + 1;
  const parts = partsBy(search, missing + 1, (row) => {
    const value = column[row] as number;
    if (Number.isNaN(value)) return missing;
    let place = 0;
    while (place < edges.length && value > (edges[place] as number)) place++;
    return place;
  });
  const show = (edge: number) => Number(edge.toPrecision(4));
  let below: Part = { rows: 0, excess: 0 };
  const cut = edges.flatMap((edge, place): Found[] => {
    const part = parts[place] as Part;
    below = { rows: below.rows + part.rows, excess: below.excess + part.excess };
    const text = `${name} <= ${show(edge)}`;
    return [
      { condition: { text, holds: (row) => (column[row] as number) <= edge }, ...below },
      {
        condition: { text: `not ${text}`, holds: (row) => !((column[row] as number) <= edge) },
        ...without(all, below),
      },
    ];
  });
  const none = parts[missing] as Part;
  return [
    ...cut,
    { condition: { text: `${name} is missing`, holds: (row) => Number.isNaN(column[row]) }, ...none },
    { condition: { text: `${name} is there`, holds: (row) => !Number.isNaN(column[row]) }, ...without(all, none) },
  ];
}

function categoryConditions(
  search: SliceSearch,
  all: Part,
  name: string,
  column: Float32Array,
  categories: readonly string[],
): Found[] {
  const missing = categories.length;
  // The last place is for codes that the contract does not know.
  const parts = partsBy(search, missing + 2, (row) => {
    const code = column[row] as number;
    return Number.isNaN(code) ? missing : code < missing ? code : missing + 1;
  });
  const found = categories.flatMap((category, code): Found[] => {
    const part = parts[code] as Part;
    return [
      { condition: { text: `${name} is ${category}`, holds: (row) => column[row] === code }, ...part },
      {
        condition: { text: `${name} is not ${category}`, holds: (row) => column[row] !== code },
        ...without(all, part),
      },
    ];
  });
  const holds = (row: number) => Number.isNaN(column[row]);
  return [...found, { condition: { text: `${name} is missing`, holds }, ...(parts[missing] as Part) }];
}

/** How far some rows stand out: their mean excess over that of all, weighed by how many they are. */
function standOut({ rows, excess }: Part, all: Part, leastRows: number): number {
  const others = all.rows - rows;
  if (rows < leastRows || others === 0) return 0;
  const difference = excess / rows - all.excess / all.rows;
  return difference <= 0 ? 0 : (difference ** 2 * rows * all.rows) / others;
}

/** The condition that leaves the rows with the most excess, as a regression tree splits. */
function bestCondition(search: SliceSearch): { condition: Condition; rows: number[] } | null {
  const { contract, columns, rows, leastRows } = search;
  const [all] = partsBy(search, 1, () => 0) as [Part];
  let best: Condition | null = null;
  let most = 0;
  contract.features.forEach(({ name, categories }, feature) => {
    const column = columns[feature] as Float32Array;
    const conditions =
      categories === null
        ? numberConditions(search, all, name, column)
        : categoryConditions(search, all, name, column, categories);
    for (const { condition, ...part } of conditions) {
      const score = standOut(part, all, leastRows);
      if (score <= most * (1 + rounding)) continue;
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
