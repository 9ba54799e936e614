/** How often something happened and how long it took in total. */
export interface Duration {
  readonly count: number;
  /** Nanoseconds, summed. */
  readonly ns: number;
}

/** Runs of one batch size. `input` and `output` are the putting together and the taking apart of batches. */
export interface BatchStatistics {
  readonly rows: number;
  readonly input: Duration;
  readonly infer: Duration;
  readonly output: Duration;
}

/** What a model version did since it was opened; warm-up does not count. */
export interface ModelStatistics {
  /** Rows inferred. */
  readonly inferences: number;
  /** Runs of the model. */
  readonly executions: number;
  /** Moment of the last answer in milliseconds since 1970, 0 when there was none. */
  readonly lastInferenceMs: number;
  /** Jobs answered, from arrival to answer. */
  readonly success: Duration;
  /** Jobs that failed or were refused, from arrival to that. */
  readonly fail: Duration;
  /** Jobs whose caller had left. */
  readonly left: number;
  /** Waits of jobs for their run. */
  readonly queue: Duration;
  /** Parts of the runs, counted once for each job that shared one. */
  readonly input: Duration;
  readonly infer: Duration;
  readonly output: Duration;
  /** By rows of a run, rising. */
  readonly batches: readonly BatchStatistics[];
}
