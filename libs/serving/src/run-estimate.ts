/** How long runs take these days. */
export interface RunEstimate {
  /** Takes in a run of so many milliseconds. */
  add(ms: number): void;
  /** Milliseconds of a run. */
  readonly ms: number;
}

/** Weight of the latest run: half of the estimate comes from the last three. */
const weight = 0.2;

/** An exponentially weighted mean that starts at what warm-up measured. */
export function createRunEstimate(warmMs: number): RunEstimate {
  let mean = warmMs;
  return {
    add: (ms) => {
      mean += weight * (ms - mean);
    },
    get ms() {
      return mean;
    },
  };
}

/** Seconds after which a refused caller may come back when the wait is `waitMs`: whole, at least 1, at random between 1 and twice the wait more, so that not all return at once. */
export const retryAfter = (waitMs: number, random: number): number => 1 + Math.floor(random * 2 * (waitMs / 1000 + 1));
