/** What the program serving promises. */
export interface ServingOutputs {
  readonly namespace: string;
  /** Digest of the image that was asked for last, which an `up` that names none keeps; null on the stack local where none was. */
  readonly imageDigest: string | null;
  /** By model, where callers reach it. */
  readonly urls: Readonly<Record<string, string>>;
}
