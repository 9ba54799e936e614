import type { Profile } from '@repo/contract/profile';
import type { Task } from '@repo/contract/task';
import type { Database, Row } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { mergeWindows } from '../merge-windows.ts';
import { lossSql } from '../realised/loss-sql.ts';
import type { Window } from '../window.ts';
import { countsSql, readCounts } from './read-counts.ts';

export interface WindowsOptions {
  readonly model: string;
  readonly version: string;
  readonly task: Task;
  /** Of the version; null: it is not at hand, and nothing is counted by bins. */
  readonly profile: Profile | null;
  /** Length of a window, microseconds; windows begin at multiples of it since 1970, UTC. */
  readonly windowUs: number;
  /** Windows from [from, to), both multiples of the length. */
  readonly fromUs: number;
  readonly toUs: number;
}

/** Rows with a smaller p are outliers, see docs/degradation.md. */
const outlierP = 0.005;

const count = (value: Row[string] | undefined): number => Number(value ?? 0);

/** SQL of the answers that a window is made of. */
export const windowFilter = ({ version, fromUs, toUs }: WindowsOptions): string =>
  `version = ${quoteText(version)} AND at_us >= ${fromUs} AND at_us < ${toUs}`;

/** SQL of where the window of an answer begins. */
export const windowStart = ({ windowUs }: Pick<WindowsOptions, 'windowUs'>): string =>
  `(at_us // ${windowUs}) * ${windowUs}`;

function toWindow(row: Row, options: WindowsOptions): Window {
  const { model, version, profile, windowUs } = options;
  const edges = profile?.answers.edges ?? [];
  const fromUs = count(row.window_us);
  const level = String(row.level);
  // Bins and labels are those of the version's own model.
  const own = level === 'champion';
  const bins = (value: Row[string] | undefined) => (profile === null ? [] : readCounts(own ? value : null, edges));
  const ofOwn = (value: Row[string] | undefined) => (own ? count(value) : 0);
  return {
    schemaVersion: 1,
    model,
    version,
    fromUs,
    toUs: fromUs + windowUs,
    rows: count(row.rows),
    features: {},
    levels: { [level]: count(row.rows) },
    answers: bins(row.answers),
    yes: count(row.yes),
    outliers: { judged: count(row.judged), found: count(row.found) },
    labels: {
      matured: ofOwn(row.matured),
      known: ofOwn(row.known),
      provisional: ofOwn(row.provisional),
      positive: ofOwn(row.positive),
      falsePositive: ofOwn(row.false_positive),
      falseNegative: ofOwn(row.false_negative),
      lossMillionths: ofOwn(row.loss),
      knownByAnswer: bins(row.known_by_answer),
      positiveByAnswer: bins(row.positive_by_answer),
    },
  };
}

/**
 * Windows of a version's answers from the view `outcomes`, without their features: one for each span that has any, oldest first. One pass,
 * whose memory does not grow with the rows.
 */
export async function answerWindows(database: Database, options: WindowsOptions): Promise<Window[]> {
  const { profile, task } = options;
  const edges = profile?.answers.edges ?? [];
  const score = 'CAST(coalesce(probability, prediction) AS FLOAT)';
  const bins = (filter: string) => `${countsSql(score, edges)} FILTER (${filter})`;
  const yes = task === 'binary' ? 'matured AND label = 1' : 'false';
  const known = 'matured AND label IS NOT NULL';
  const rows = await database.rows(`
    SELECT ${windowStart(options)} AS window_us, level, count(*) AS rows, count(*) FILTER (decision) AS yes,
      count(outlier_p) AS judged, count(*) FILTER (outlier_p < ${outlierP}) AS found, count(*) FILTER (matured) AS matured,
      count(*) FILTER (${known}) AS known, count(label) FILTER (NOT matured) AS provisional,
      count(*) FILTER (${yes}) AS positive, count(*) FILTER (decision AND matured AND label = 0) AS false_positive,
      count(*) FILTER (NOT decision AND ${yes}) AS false_negative,
      sum(CAST(round(1e6 * ${lossSql[task]}) AS BIGINT)) FILTER (matured) AS loss,
      ${bins('true')} AS answers, ${bins(known)} AS known_by_answer, ${bins(yes)} AS positive_by_answer
    FROM outcomes WHERE ${windowFilter(options)} GROUP BY ALL ORDER BY window_us, level`);
  const windows = new Map<number, Window>();
  for (const row of rows) {
    const window = toWindow(row, options);
    const before = windows.get(window.fromUs);
    windows.set(window.fromUs, before === undefined ? window : mergeWindows(before, window));
  }
  return [...windows.values()];
}
