import { mergeWindows } from '../merge-windows.ts';
import type { Window } from '../window.ts';

const hourUs = 3_600e6;

/** When a window is closed. */
export interface ClosingOptions {
  /** Rows that it waits for. Default 1000. */
  readonly rows?: number;
  /** Microseconds that it lasts at least. Default 1 h. */
  readonly leastUs?: number;
  /** Microseconds after which it is closed whatever it holds. Default 24 h. */
  readonly mostUs?: number;
}

/** Windows under this many rows get no verdict: they were forced to close. */
export const fewestRowsForVerdict = 200;

/**
 * Joins small windows of one version, such as hours, into such as can be judged: each holds 1,000 rows or lasts an hour, whichever is later, and
 * never longer than 24 h. `open` is what is left over and still waits; null when nothing is.
 */
export function closeWindows(
  windows: readonly Window[],
  options: ClosingOptions = {},
): { closed: Window[]; open: Window | null } {
  const { rows = 1000, leastUs = hourUs, mostUs = 24 * hourUs } = options;
  const closed: Window[] = [];
  let open: Window | null = null;
  for (const window of [...windows].sort((a, b) => a.fromUs - b.fromUs)) {
    // A gap without traffic forces the one before too.
    if (open !== null && window.toUs - open.fromUs > mostUs) {
      closed.push(open);
      open = null;
    }
    open = open === null ? window : mergeWindows(open, window);
    const lasts = open.toUs - open.fromUs;
    if ((open.rows >= rows && lasts >= leastUs) || lasts >= mostUs) {
      closed.push(open);
      open = null;
    }
  }
  return { closed, open };
}
