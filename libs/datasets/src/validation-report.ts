import type { Severity } from '@repo/contract/rule';

/** How a rule came out; skipped when a column that it needs is missing or of another type, which `presence` and `type` report. */
export const Outcome = { pass: 'pass', warn: 'warn', fail: 'fail', skipped: 'skipped' } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** A value of a failing row as JSON: instants as ISO 8601, integers beyond 2^53 as text. */
export type ExampleValue = string | number | boolean | null;

/** What one rule found. */
export interface RuleResult {
  /** Such as `hardRange:dep_delay`. */
  ruleId: string;
  /** Kind of a declared rule, or `presence` and `type`, which follow from the declared columns. */
  kind: string;
  severity: Severity;
  outcome: Outcome;
  /** Rows that break it (columns for presence and type, rows outside the band for rowBand, all rows for freshness). */
  broken: number;
  /** `broken` as a share of the rows, 0 to 1 (of the columns, of the crossed bound of the band). */
  share: number;
  /** Largest share that passes. */
  tolerance: number;
  because: string | null;
  /** What else was seen: unseen values with their rows, the newest instant, the number of rows. */
  detail: string | null;
  /** At most 20 failing rows, in file order; `_row` is the row's number in data.parquet, from 0. */
  examples: Record<string, ExampleValue>[];
}

/** report.json of the validate stage. */
export interface ValidationReport {
  schemaVersion: 1;
  source: string;
  /** Digest of the snapshot that was looked at. */
  snapshot: string;
  rows: number;
  /** The moment that freshness was judged against, ISO 8601. */
  now: string;
  results: RuleResult[];
  /** The worst outcome. */
  verdict: Exclude<Outcome, 'skipped'>;
}

/** The worst outcome of a list; skipped rules do not count, as what made them skip does. */
export function worstOf(outcomes: readonly Outcome[]): ValidationReport['verdict'] {
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.includes('warn') ? 'warn' : 'pass';
}
