import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const dayMs = 86_400_000;
/** The monitor makes 60 windows: of 28 days they hold four copies of the year, each of which is 371 days long. */
const yearsOfFourWeeks = 4;

/** What the monitor is asked, so that its windows hold all that was answered. */
export interface WholeWindows {
  /** For `--window`. */
  readonly window: string;
  /** For `--at`: the end of the first such window that ends on the given day or later. */
  readonly at: string;
}

/** Windows for so many years of answers, all of which were given before `endMs`. */
export function wholeWindows(years: number, endMs: number): WholeWindows {
  const days = 28 * Math.ceil(years / yearsOfFourWeeks);
  const at = Math.ceil(endMs / dayMs / days) * days * dayMs;
  return { window: `${days}d`, at: `${new Date(at).toISOString().slice(0, 19)}Z` };
}

/** Rows of all windows in the folder that `causeway monitor` has put them in. */
export function windowRows(folder: string): number {
  const spans = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { windows: readonly { rows: number }[] });
  return spans.flatMap(({ windows }) => windows).reduce((sum, { rows }) => sum + rows, 0);
}

/**
 * Rows that `causeway ingest <source> <folder>` says it accepted. Throws unless these are all batches and nearly all rows: a copy of the year changes
 * its clocks on other days than the zones that never do, so that flights there take an hour too many or too few, and some go into quarantine.
 */
export function acceptedRows(report: string, batches: number, rows: number): number {
  const [, accepted, count] = /: (\d+) batches accepted \((\d+) rows\)/.exec(report) ?? [];
  if (Number(accepted) === batches && Number(count) <= rows && Number(count) >= 0.97 * rows) return Number(count);
  throw new Error(`ingest: ${batches} batches of ${rows} rows were given, of which nearly all fit: ${report}`);
}

/** Throws when a stage did not see all rows: its time would be that of fewer. */
export function expectRows(what: string, rows: number, expected: number): void {
  if (rows !== expected)
    throw new Error(`${what}: ${rows} rows instead of ${expected}; its time would be that of others`);
}
