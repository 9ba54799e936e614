/** How the time of one prediction is divided. */
export interface Budget {
  /** Milliseconds since the prediction began. */
  tookMs(): number;
  /** For the online store: 30 % of the whole, at most what is left. */
  featuresMs(): number;
  /** For the judgement of the row: 10 % of the whole, at most what is left. */
  outlierMs(): number;
  /** For a model when so many others may have to follow: half of what is left, or all of it for the last one. The prior needs none. */
  levelMs(modelsAfter: number): number;
}

/** Begins to count `timeoutMs` down. Nothing is negative: a budget of 0 means that there is no time to even begin. */
export function createBudget(timeoutMs: number): Budget {
  const began = performance.now();
  const tookMs = () => performance.now() - began;
  const leftMs = () => Math.max(0, timeoutMs - tookMs());
  return {
    tookMs,
    featuresMs: () => Math.min(0.3 * timeoutMs, leftMs()),
    outlierMs: () => Math.min(0.1 * timeoutMs, leftMs()),
    levelMs: (modelsAfter) => (modelsAfter === 0 ? leftMs() : leftMs() / 2),
  };
}
