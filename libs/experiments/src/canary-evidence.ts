/**
 * How often a value fell between bounds. `counts` has one number more than `bounds`: counts[i] of values above bounds[i - 1] and at most
 * bounds[i], the last of those above every bound. Not cumulative, unlike a histogram of Prometheus.
 */
export interface BucketCounts {
  /** Rising, in the unit of the value. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/**
 * What one side of a canary did since the canary began, best since its share of the replicas was reached. Everything is a count since then, never a
 * rate: the judge keeps nothing between looks.
 * Counts may have fractions, as Prometheus's `increase` makes them. Null or NaN is evidence that is not there.
 */
export interface ArmEvidence {
  /** Requests answered, whatever came of them. */
  readonly requests: number | null;
  /** Those answered with 5xx or past their deadline. */
  readonly errors: number | null;
  /** Those refused as the caller's mistake, 4xx: a model that wants other columns than the one before refuses what callers send. */
  readonly refusals: number | null;
  /** Time from request to answer, in seconds. */
  readonly latency: BucketCounts | null;
  /** Probabilities answered; null for a regression, which has none to compare. */
  readonly scores: BucketCounts | null;
  /** Predictions answered, by whichever level. */
  readonly predictions: number | null;
  /** Those that a lower level than the champion answered. */
  readonly fallbacks: number | null;
  /** Ready pods over the time, in any unit that both sides share: pod-seconds, or the mean number of pods. */
  readonly replicas: number | null;
}

/** Logged predictions of the canary that were scored again offline, from the same features, with the candidate's own bundle. */
export interface AgreementEvidence {
  readonly compared: number;
  /** Those whose two answers differ by more than parity allows, or of which one is no number. */
  readonly disagreed: number;
  /** Largest difference seen, in the unit of the answer; null where none is a number. */
  readonly largest: number | null;
}

/** What is known of a canary at one look. */
export interface CanaryEvidence {
  readonly stable: ArmEvidence;
  readonly canary: ArmEvidence;
  /** Null while nothing was compared. */
  readonly agreement: AgreementEvidence | null;
}
