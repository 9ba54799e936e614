/** One timer for the deadlines of many. */
export interface DeadlineWatch {
  /** Makes sure that the watch looks again at this moment, as performance.now() reads it. Costs next to nothing unless it is the earliest. */
  watch(deadlineMs: number): void;
  stop(): void;
}

const longestTimerMs = 2 ** 31 - 1;

/**
 * `lookUp` deals with what is due and returns the earliest deadline that is left, or undefined. A timer for each job would be made
 * and cleared tens of thousands of times a second; this one is set when it was not, and when an earlier deadline comes.
 */
export function createDeadlineWatch(lookUp: (nowMs: number) => number | undefined): DeadlineWatch {
  let timer: NodeJS.Timeout | undefined;
  let at = Number.POSITIVE_INFINITY;
  const stop = () => {
    clearTimeout(timer);
    at = Number.POSITIVE_INFINITY;
  };
  const watch = (deadlineMs: number): void => {
    if (deadlineMs >= at) return;
    clearTimeout(timer);
    at = deadlineMs;
    const inMs = Math.min(longestTimerMs, Math.max(1, Math.ceil(deadlineMs - performance.now())));
    timer = setTimeout(() => {
      at = Number.POSITIVE_INFINITY;
      const next = lookUp(performance.now());
      if (next !== undefined) watch(next);
    }, inMs);
    timer.unref();
  };
  return { watch, stop };
}
