import { CircuitState, type IBreaker } from 'cockatiel';

/** Calls of one second. */
interface Second {
  at: number;
  calls: number;
  failures: number;
}

const windowSeconds = 10;
const minCalls = 20;
const failureShare = 0.5;

/**
 * When a breaker opens: at least half of the calls of the last 10 seconds failed, and there were at least 20. Seconds without calls age
 * as well, so that failures of long ago never count, and the clock is the one that nobody can set.
 */
export function createSlidingWindow(): IBreaker {
  let seconds: Second[] = [];
  const record = (failed: boolean): void => {
    const at = Math.floor(performance.now() / 1000);
    seconds = seconds.filter((second) => second.at > at - windowSeconds);
    let last = seconds.at(-1);
    if (last?.at !== at) {
      last = { at, calls: 0, failures: 0 };
      seconds.push(last);
    }
    last.calls++;
    if (failed) last.failures++;
  };
  return {
    state: null,
    success: (state) => {
      if (state === CircuitState.HalfOpen) seconds = [];
      record(false);
    },
    failure: (state) => {
      record(true);
      const calls = seconds.reduce((sum, second) => sum + second.calls, 0);
      const failures = seconds.reduce((sum, second) => sum + second.failures, 0);
      return state !== CircuitState.Closed || (calls >= minCalls && failures >= failureShare * calls);
    },
  };
}
