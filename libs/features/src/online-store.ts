import type { InstantUs } from '@repo/contract/instant';

/** Values of an entity's columns, in the order of the view's `entity`. */
export type EntityValues = readonly (string | number)[];

/** What a view holds for an entity. `values` follow {@link storedFeatures}; for an age it is the instant, in microseconds. */
export interface StoredRow {
  /** Event time of a latest view's row; null for a window, whose values are as of the moment of materialization. */
  eventUs: InstantUs | null;
  values: readonly (number | null)[];
  /** The moment of this row, where it was refreshed by itself since its view was materialized. */
  atUs?: InstantUs;
}

/** A whole view as of a moment. */
export interface StoredView {
  /** See {@link viewKey}. */
  view: string;
  atUs: InstantUs;
  entities: readonly { entity: EntityValues; row: StoredRow }[];
}

/** Answer to one key: the moment the view was last materialized for (null: never) and the entity's row (null: unknown). */
export interface Found {
  atUs: InstantUs | null;
  row: StoredRow | null;
}

/** Where the service looks features up. Every read sees whole materializations only, with whole rows that were refreshed since. */
export interface OnlineStore {
  /** Reads many entities of many views in one round trip; the answers follow the keys. */
  get(keys: readonly { view: string; entity: EntityValues }[]): Promise<Found[]>;
  /**
   * Replaces whole views, all or none, except those held for a later moment already: of two writers the later moment stays.
   * A row that was refreshed for a later moment stays. Answers the views that were written.
   */
  put(views: readonly StoredView[]): Promise<string[]>;
  /**
   * Refreshes some rows of views, each as of the moment of its {@link StoredView}; the others stay. A row that is held for a later moment is left
   * alone, as is a view that is, or was never materialized. Rows are whole, views need not be. Answers how many rows were written.
   */
  refresh(views: readonly StoredView[]): Promise<number>;
  /** The moment that a view was last materialized for; null when it never was. */
  materializedAt(view: string): Promise<InstantUs | null>;
  close(): void;
}

/** Key of a view: name, version and digest, so that two definitions of a view never read each other's values. */
export function viewKey(view: { readonly spec: { name: string; version: number }; readonly digest: string }): string {
  return `${view.spec.name}@${view.spec.version}#${view.digest}`;
}

/** Key of an entity: its values as a JSON array of text. */
export function entityKey(entity: EntityValues): string {
  return JSON.stringify(entity.map(String));
}

/** Names of a view's features in the order in which values are stored: by name, since a contract's JSON keeps no other order. */
export function storedFeatures(spec: { readonly features: object }): string[] {
  return Object.keys(spec.features).sort();
}
