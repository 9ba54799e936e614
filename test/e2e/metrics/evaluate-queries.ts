import type { Prometheus } from './prometheus.ts';
import { selectorsOf } from './selectors-of.ts';
import type { WatchedQuery } from './watched-queries.ts';

/** A selector, who looks at it, and what it found. */
export interface EvaluatedSelector {
  readonly selector: string;
  readonly where: readonly string[];
  readonly series: number;
}

/** Looks up every vector selector of the queries, each once. */
export async function evaluateSelectors(
  prometheus: Prometheus,
  queries: readonly WatchedQuery[],
): Promise<EvaluatedSelector[]> {
  const users = new Map<string, string[]>();
  for (const { where, query } of queries)
    for (const selector of selectorsOf(query)) users.set(selector, [...(users.get(selector) ?? []), where]);
  const evaluated: EvaluatedSelector[] = [];
  for (const [selector, where] of users) {
    evaluated.push({ selector, where: [...new Set(where)], series: await prometheus.countSeries(selector) });
  }
  return evaluated;
}

/** Selectors that found nothing, and the first who looks at each, a line each: what rests on them can never fire or show anything. */
export const deadSelectors = (evaluated: readonly EvaluatedSelector[]): string[] =>
  evaluated.filter(({ series }) => series === 0).map(({ selector, where }) => `${selector} (${where[0]})`);

/** Queries that answer no number although each of their selectors finds series: labels of two sides that do not meet, nothing to divide by. */
export async function emptyQueries(prometheus: Prometheus, queries: readonly WatchedQuery[]): Promise<string[]> {
  const empty: string[] = [];
  for (const { where, query } of queries) {
    const samples = await prometheus.query(query);
    if (!samples.some(({ value }) => Number.isFinite(Number(value[1])))) empty.push(`${where}: ${query}`);
  }
  return empty;
}
