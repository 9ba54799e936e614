/** SQL of one feature of the model's input. */
export interface ScorableFeature {
  readonly name: string;
  /** FLOAT, NaN for no value: what the model sees. */
  readonly code: string;
  /** VARCHAR: why the value is not what it could be, such as `missing:<feature>`; null when it is. */
  readonly reason: string;
}

/** A table as the model sees it. `from` reads the file as `t`, one row of it for each row to score and in the same order. */
export interface Scorable {
  readonly from: string;
  /** In the order of the contract. */
  readonly features: readonly ScorableFeature[];
  /** VARCHAR: why the row gets no answer, null where it does. */
  readonly refused: string;
  /** Columns to write besides the answer: SQL by name. */
  readonly columns: Readonly<Record<string, string>>;
}
