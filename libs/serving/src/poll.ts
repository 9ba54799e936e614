/** Work that is repeated. */
export interface Poll {
  /** Ends the repetition; resolves when the work under way is done. */
  stop(): Promise<void>;
}

/**
 * Repeats `work`, which must not reject, `everyMs` after it was done; 0 never. A fifth of the wait is random, so that replicas which
 * started together do not ask together. Keeps no process alive.
 */
export function createPoll(everyMs: number, work: () => Promise<void>, random: () => number = Math.random): Poll {
  let stopped = everyMs === 0;
  let underWay = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const plan = (): void => {
    if (stopped) return;
    const again = () => {
      underWay = work().finally(plan);
    };
    timer = setTimeout(again, everyMs * (0.9 + 0.2 * random())).unref();
  };
  plan();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
