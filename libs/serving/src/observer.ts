/** Hears how long the parts of a request took; what it does with that is not the domain's business. */
export interface Observer {
  /** From the body to the rows of the model, lookups included. */
  decoded(seconds: number): void;
  /** A run of the model on so many rows, the wait for its turn included. */
  computed(seconds: number, rows: number): void;
}

/** Seconds since `startMs`, a reading of performance.now(). */
export const secondsSince = (startMs: number): number => (performance.now() - startMs) / 1000;
