/**
 * Raw rows of a source's first raw table, with all of its columns and, if the producer knows it, `observed_at`: when each row was known.
 * Either a file (Parquet, CSV or JSON lines by its ending), or the rows themselves as text.
 */
export type Batch = { readonly name: string } & (
  | { readonly path: string }
  | { readonly kind: 'jsonl' | 'csv'; readonly text: string }
);

/**
 * Where batches come from, at least once each: a batch that was not acknowledged comes again, to this process or to the next one.
 * Appending to a lake is idempotent, so nothing is lost and nothing counts twice when it is acknowledged after it was appended.
 */
export interface BatchStream {
  /** The next batch; waits where the stream goes on, and is null once it has ended or was closed. */
  next(): Promise<Batch | null>;
  /**
   * Says that the batch is in the lake, or refused by it for good. `keptOut` are the positions of its rows, from 0, that a rule kept out: whoever
   * sends one of them again, put right, is heard.
   */
  acknowledge(batch: Batch, keptOut: readonly number[]): Promise<void>;
  /** Puts a batch that cannot be read aside, with the reason, before it is acknowledged; a stream that keeps what it had needs none. */
  refuse?(batch: Batch, reason: string): Promise<void>;
  /** Lets go of files and connections; a waiting `next` answers null. */
  close(): Promise<void>;
}
