import type { InstantUs } from '@repo/contract/instant';
import type { LookedUpViewSpec, View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { isLookedUp } from './as-of-view.ts';
import { entityAsks } from './entity-asks.ts';
import { type EntityValues, entityKey, type OnlineStore, type StoredView } from './online-store.ts';
import { valuesAt } from './values-at.ts';

export interface RefreshOptions {
  /** Request views are skipped: there is nothing to look up. */
  views: readonly View[];
  /** Relation of each source, by source name, with at least the rows that these entities have and {@link reachUs} allows for. */
  relations: Readonly<Record<string, string>>;
  /** The moment whose values are stored. */
  atUs: InstantUs;
  store: OnlineStore;
  /** By name of the view, the entities to refresh; a view that is not named is left alone. */
  entities: Readonly<Record<string, readonly EntityValues[]>>;
}

const eachOnce = (entities: readonly EntityValues[]): EntityValues[] => [
  ...new Map(entities.map((entity) => [entityKey(entity), entity])).values(),
];

/**
 * Refreshes in the online store what some views hold of some entities, as of a moment; all else stays. Values come from the same SQL as those
 * of a materialization. An entity of which no row is left has no value. Answers how many rows were written.
 */
export async function refreshEntities(db: Database, options: RefreshOptions): Promise<number> {
  const { relations, atUs, store, entities } = options;
  const made: StoredView[] = [];
  for (const view of options.views.filter(isLookedUp) as View<LookedUpViewSpec>[]) {
    const onlyEntities = eachOnce(entities[view.spec.name] ?? []);
    const relation = relations[view.source.name];
    if (onlyEntities.length === 0 || relation === undefined) continue;
    const asks = entityAsks(view, onlyEntities, atUs);
    made.push(await valuesAt(db, view, { relation, asks, atUs, onlyEntities }));
  }
  return store.refresh(made);
}
