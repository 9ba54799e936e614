import type { Database } from '@repo/datasets/database';
import type { Window } from '../window.ts';
import { answerWindows, type WindowsOptions } from './answer-windows.ts';
import { featureWindows } from './feature-windows.ts';

/**
 * Windows of a version between two moments, oldest first, from the view `outcomes` and the log behind it (`relation`, null for an empty one).
 * A span without an answer has none. Made in SQL over Parquet: time grows with the rows, memory with the windows.
 */
export async function accumulateWindows(
  database: Database,
  relation: string | null,
  options: WindowsOptions,
): Promise<Window[]> {
  const windows = await answerWindows(database, options);
  const { profile } = options;
  if (relation === null || profile === null || windows.length === 0) return windows;
  const features = await featureWindows(database, relation, { ...options, profile });
  return windows.map((window) => ({ ...window, features: features.get(window.fromUs) ?? {} }));
}
