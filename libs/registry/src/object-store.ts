/**
 * The three primitives that a registry is built on. An object is written once and never changed or removed, so a reader sees
 * all of it or nothing. Keys are lower-case segments joined by slashes.
 */
export interface ObjectStore {
  /** The whole object, or null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
  /** Creates the object durably, atomically and exclusively; false when it existed before, whatever it held. */
  putIfAbsent(key: string, content: Uint8Array): Promise<boolean>;
  /** Names of the objects right below a folder, in no order; empty when there is no such folder. */
  list(folder: string): Promise<string[]>;
}
