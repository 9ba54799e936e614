import { mergeWindows } from '../merge-windows.ts';
import type { Window } from '../window.ts';

const dayUs = 86_400e6;
const weeks = 4;

/**
 * The second reference of a window: what the same version answered on the same weekday of the four weeks before, joined into one; it knows the
 * season, which training does not. A window belongs to the weekday of its middle. Null when there are fewer than two such windows.
 */
export function sameWeekdayBefore(window: Window, history: readonly Window[]): Window | null {
  const middle = ({ fromUs, toUs }: Window): number => (fromUs + toUs) / 2;
  const dayOf = (one: Window): number => Math.floor(middle(one) / dayUs);
  const same = history.filter((past) => {
    const days = dayOf(window) - dayOf(past);
    return past.version === window.version && days > 0 && days <= 7 * weeks && days % 7 === 0;
  });
  return same.length < 2 ? null : same.reduce(mergeWindows);
}
