/** What the program serving promises. */
export interface ServingOutputs {
  readonly namespace: string;
  /** By model, where callers reach it. */
  readonly urls: Readonly<Record<string, string>>;
}
