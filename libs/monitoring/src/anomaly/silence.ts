import type { Window } from '../window.ts';
import { medianOf } from './weekday-deviation.ts';

const dayUs = 86_400e6;
const weekUs = 7 * dayUs;
/** Days before the silence that say what is usual. */
const daysOfHistory = 28;
/** Fewer same places of the week do not tell what is usual there; then those of other days must do. */
const fewestWeeks = 3;
/** A weekend, and a day more: so long even a service whose week is not known yet is never without callers. */
const longUs = 3 * dayUs;

/** A time without any answer that lasts until now. */
export interface Silence {
  readonly sinceUs: number;
  /** Answers that are usual in so long a time at this place of the week. */
  readonly usual: number;
  /** Whether the weeks before tell it, or it is so long that they need not. */
  readonly isSure: boolean;
}

/** Median of the rows at the same place of the days or weeks before; null with too few of them. */
type Usual = (fromUs: number) => number | null;

function usualBy(
  stepUs: number,
  fewest: number,
  span: { firstUs: number; sinceUs: number; rows: Map<number, number> },
) {
  return (fromUs: number): number | null => {
    const past: number[] = [];
    const oldestUs = Math.max(span.firstUs, span.sinceUs - daysOfHistory * dayUs);
    for (let us = fromUs - stepUs; us >= oldestUs; us -= stepUs)
      if (us < span.sinceUs) past.push(span.rows.get(us) ?? 0);
    return past.length < fewest ? null : medianOf(past);
  };
}

/**
 * The silence that windows end with: what was usual before it began, and not while it lasts, as it would teach itself to that. `windows` are of
 * all versions, oldest first; null where the span that ends at `endUs` has an answer.
 */
export function silenceUntil(windows: readonly Window[], endUs: number): Silence | null {
  const answered = windows.filter(({ rows }) => rows > 0);
  const [first, newest] = [answered[0], answered.at(-1)];
  if (first === undefined || newest === undefined || newest.toUs >= endUs) return null;
  const sinceUs = newest.toUs;
  const lengthUs = sinceUs - newest.fromUs;
  const rows = new Map<number, number>();
  for (const window of answered) rows.set(window.fromUs, (rows.get(window.fromUs) ?? 0) + window.rows);
  const span = { firstUs: first.fromUs, sinceUs, rows };
  const stepOf = (us: number): number => (us % lengthUs === 0 ? us : lengthUs);
  const byWeek: Usual = usualBy(stepOf(weekUs), fewestWeeks, span);
  const byDay: Usual = usualBy(stepOf(dayUs), 1, span);
  let [usual, isKnown] = [0, true];
  for (let fromUs = sinceUs; fromUs + lengthUs <= endUs; fromUs += lengthUs) {
    const ofWeek = byWeek(fromUs);
    if (ofWeek === null) isKnown = false;
    usual += ofWeek ?? byDay(fromUs) ?? 0;
  }
  return { sinceUs, usual, isSure: isKnown || endUs - sinceUs >= longUs };
}
