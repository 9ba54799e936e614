import { benjaminiHochberg } from '@repo/stats/benjamini-hochberg';
import type { DriftCheck } from './drift-check.ts';
import { driftFloors } from './drift-floors.ts';

/** Share of false findings among what is found in a window. */
const falseShare = 0.05;

/** Checks of one window: against training, and against the same weekdays before it where there are such. */
export interface CheckedWindow {
  readonly training: readonly DriftCheck[];
  readonly recent: readonly DriftCheck[] | null;
}

/** How far a check went. */
export interface JudgedCheck {
  readonly check: DriftCheck;
  readonly level: 'ok' | 'warn' | 'page';
  /** What the value must exceed to be a finding, in its unit: the floor, or what chance alone does, whichever is larger. */
  readonly limit: number;
  /** Why it is no page, or nothing at all, though it is material: for people. */
  readonly held: 'chance' | 'once' | 'season' | 'unimportant' | null;
}

const keyOf = ({ measure, subject }: DriftCheck): string => `${measure} ${subject}`;

/** Beyond chance and at least this material. */
function exceeds(check: DriftCheck | undefined, floor: 'warn' | 'page', alpha: number): boolean {
  return check !== undefined && check.pValue <= alpha && check.value > driftFloors[check.measure][floor];
}

/**
 * Judges the checks of a window beside those of the window before. `warn`: material, and found among all tests of the window with at most 5 %
 * false ones (Benjamini-Hochberg). `page`: over the page's floor and under `alpha` in both windows running, and also unlike the same weekdays of
 * the four weeks before, when these are known: what changes with the season is told, but wakes nobody. `isMinor` names features too unimportant
 * to page about.
 */
export function judgeDrift(
  now: CheckedWindow,
  before: CheckedWindow | null,
  alpha: number,
  isMinor: (subject: string) => boolean,
): JudgedCheck[] {
  if (now.training.length === 0) return [];
  const q = benjaminiHochberg(now.training.map(({ pValue }) => pValue));
  const last = new Map(before?.training.map((check) => [keyOf(check), check]));
  const recent = now.recent === null ? null : new Map(now.recent.map((check) => [keyOf(check), check]));
  const isFound = Array.from(q, (one) => one <= falseShare);
  const rejected = isFound.filter((one) => one).length;
  return now.training.map((check, i): JudgedCheck => {
    const floor = driftFloors[check.measure].warn;
    // What one test more, or one of those found, must be under by Benjamini and Hochberg.
    const p = (falseShare * (isFound[i] ? rejected : rejected + 1)) / now.training.length;
    const limit = Math.max(floor, check.chanceLimit(p));
    const isMaterial = check.value > floor;
    if (!isFound[i] || !isMaterial) return { check, limit, level: 'ok', held: isMaterial ? 'chance' : null };
    if (!exceeds(check, 'page', alpha)) return { check, limit, level: 'warn', held: null };
    if (!exceeds(last.get(keyOf(check)), 'page', alpha)) return { check, limit, level: 'warn', held: 'once' };
    if (recent !== null && !exceeds(recent.get(keyOf(check)), 'warn', alpha))
      return { check, limit, level: 'warn', held: 'season' };
    if (check.subject !== null && isMinor(check.subject)) return { check, limit, level: 'warn', held: 'unimportant' };
    return { check, limit, level: 'page', held: null };
  });
}
