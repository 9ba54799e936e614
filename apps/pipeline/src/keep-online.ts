import type { InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import type { View } from '@repo/contract/view';
import { openDatabase } from '@repo/datasets/database';
import type { Appended } from '@repo/datasets/lake/append-batch';
import type { Lake } from '@repo/datasets/open-lake';
import { identifier } from '@repo/datasets/sql-text';
import { type OnlineStore, viewKey } from '@repo/features/online-store';
import { openOnlineStore } from '@repo/features/open-online-store';
import { createRecentRows } from '@repo/features/recent-rows';
import { refreshEntities } from '@repo/features/refresh-entities';
import type { Context } from './context.ts';
import { lookedUpViews, modelsOf } from './looked-up-views.ts';
import { onlineStoreUrl } from './online-store-url.ts';
import { baseSnapshot } from './snapshots.ts';

/** Keeps the online store as new as the batches of a source. */
export interface OnlineKeeper {
  /**
   * Refreshes what a batch touched, once it is visible; answers how many rows of views were written. Also for a batch that came before: whoever
   * appended it may have died before this.
   */
  refresh(appended: Appended): Promise<number>;
  close(): void;
}

/** The views of a source that the store holds, with the moment of each. A view that was never materialized stays so: half of it would be worse. */
async function heldViews(store: OnlineStore, views: readonly View[]): Promise<Map<View, InstantUs>> {
  const held = new Map<View, InstantUs>();
  for (const view of views) {
    const atUs = await store.materializedAt(viewKey(view));
    if (atUs !== null) held.set(view, atUs);
  }
  return held;
}

/**
 * Opens an {@link OnlineKeeper} of the views that all models have of a source. Values are as of the newest observation in the lake, or the moment
 * of the view's last materialization where that is later: time that passes without events is the business of `causeway materialize`. The table is
 * read now, so that the first batch neither waits for it nor finds itself in it.
 */
export async function openOnlineKeeper(context: Context, source: Source, lake: Lake): Promise<OnlineKeeper> {
  const views = lookedUpViews(await modelsOf(context, null)).filter((view) => view.source.name === source.name);
  const store = await openOnlineStore(onlineStoreUrl(context), context.workspace.root);
  const database = await openDatabase();
  const tableBefore = async (before?: number) =>
    lake.tableSql({
      base: (await baseSnapshot(context, source)).dataPath,
      ...(before === undefined ? {} : { before }),
    });
  const key = source.key.map(identifier).join(', ');
  const recent = await createRecentRows(database, { source, views, wholeTable: () => tableBefore() });
  let seen = (await lake.head())?.snapshot.number ?? 0;
  let momentUs = Number.NEGATIVE_INFINITY;
  /** The first batch that was looked at since the start: those from here up to `seen` need not be again. */
  let first = Number.POSITIVE_INFINITY;

  /** No view is ever asked for an earlier moment than that which it was materialized for. */
  const earliest = async () => Math.min(...(await heldViews(store, views)).values());

  /** Rows of batches that are visible by now and were not looked at, and those of this one. */
  const take = async (own: number) => {
    // A second that comes again brings all of them along, lest each of many reads the table anew.
    const again = Number.isFinite(first) ? 0 : own - 1;
    const after = own > seen ? seen : again;
    // Whoever appended it died before it refreshed: what the batch took the place of is only in the table of before.
    const heldUs = after < seen ? await earliest() : Number.POSITIVE_INFINITY;
    if (heldUs < Number.POSITIVE_INFINITY) await recent.load(await tableBefore(after + 1), heldUs);
    first = Math.min(first, after + 1);
    seen = (await lake.head())?.snapshot.number ?? 0;
    // Of two observed at one moment the later batch counts, as in the table.
    const select = `SELECT * FROM (${await lake.changesSql(after)}) WHERE _number <= ${seen}
      QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY _observed_at DESC NULLS LAST, _number DESC) = 1`;
    const [range] = await database.rows(`SELECT max(epoch_us(_observed_at)) AS newest FROM (${select})`);
    momentUs = Math.max(momentUs, Number(range?.newest ?? momentUs));
    return recent.apply(select, momentUs);
  };

  const close = () => {
    store.close();
    database.close();
  };
  try {
    const heldUs = await earliest();
    if (heldUs < Number.POSITIVE_INFINITY) await recent.load(await tableBefore(seen + 1), heldUs);
  } catch (error) {
    close();
    throw error;
  }
  return {
    async refresh({ batch }) {
      if (batch === null || views.length === 0) return 0;
      if (batch.number >= first && batch.number <= seen) return 0;
      let written = 0;
      // Another process may append while this one refreshes, and may have refreshed already: who writes last looks again.
      for (let own = batch.number; ; own = seen + 1) {
        const { entities, relation } = await take(own);
        const held = await heldViews(store, views);
        for (const atUs of new Set([...held.values()].map((heldUs) => Math.max(heldUs, momentUs)))) {
          const same = views.filter((view) => Math.max(held.get(view) ?? Number.NaN, momentUs) === atUs);
          const relations = { [source.name]: relation };
          written += await refreshEntities(database, { views: same, relations, atUs, store, entities });
        }
        if (((await lake.head())?.snapshot.number ?? 0) === seen) return written;
      }
    },
    close,
  };
}
