/** Hears what becomes of the jobs of one model version. Called on the hot path: bind what it needs once. */
export interface ModelObserver {
  /** A job left the queue for a run after so many seconds; once for each job. */
  queued(seconds: number): void;
  /** A run of the model ended after so many seconds; once for each run, which rows of several jobs may share. */
  ran(seconds: number, rows: number): void;
  /** A thread ended by itself and is being replaced. */
  restarted(): void;
}

/** Hears nothing. */
export const deafObserver: ModelObserver = { queued: () => {}, ran: () => {}, restarted: () => {} };
