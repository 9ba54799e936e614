import { canonicalJson } from '@repo/contract/canonical-json';
import type { Database } from '@repo/datasets/database';
import type { Window } from '../window.ts';
import { answerWindows, type WindowsOptions } from './answer-windows.ts';
import { featureWindows } from './feature-windows.ts';

/** What was answered. Another log may have as many answers in the same hours: a trial of the same requests. */
const answered = ({ fromUs, rows, levels, answers, yes, outliers }: Window): string =>
  canonicalJson({ fromUs, rows, levels, answers, yes, outliers });

/** Features that were counted before, by where their window begins: the log has not changed where as many answers say the same. */
function countedBefore(windows: readonly Window[], before: readonly Window[]): Map<number, Window['features']> {
  const now = new Set(windows.map(answered));
  const same = before.filter((window) => now.has(answered(window)));
  return new Map(
    same.flatMap(({ fromUs, features }) => (Object.keys(features).length > 0 ? [[fromUs, features]] : [])),
  );
}

/**
 * Windows of a version between two moments, oldest first, from the view `outcomes` and the log behind it (`relation`, null for an empty one).
 * A span without an answer has none. Made in SQL over Parquet: time grows with the rows, memory with the windows. Features, which are most of the
 * work, are taken from windows of the version that were made `before`, where as many answers said the same. Default: all are counted.
 */
export async function accumulateWindows(
  database: Database,
  relation: string | null,
  options: WindowsOptions,
  before: readonly Window[] = [],
): Promise<Window[]> {
  const windows = await answerWindows(database, options);
  const { profile, windowUs } = options;
  if (relation === null || profile === null) return windows;
  const counted = countedBefore(windows, before);
  const others = windows.filter(({ fromUs }) => !counted.has(fromUs));
  const [first, last] = [others[0], others.at(-1)];
  if (first === undefined || last === undefined)
    return windows.map((window) => ({ ...window, features: counted.get(window.fromUs) ?? {} }));
  const span = { fromUs: first.fromUs, toUs: last.fromUs + windowUs };
  const features = await featureWindows(database, relation, { ...options, ...span, profile });
  return windows.map((window) => ({
    ...window,
    features: counted.get(window.fromUs) ?? features.get(window.fromUs) ?? {},
  }));
}
