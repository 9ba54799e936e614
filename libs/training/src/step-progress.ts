/** Tells whoever waits how far a stage is; the command line shows it as a bar. */
export interface StepProgress {
  /** Begins a step of `total` equal parts. */
  start(step: string, total: number): void;
  /** Says that `done` parts of the step are done, with a note such as the loss. */
  update(done: number, note?: string): void;
}
