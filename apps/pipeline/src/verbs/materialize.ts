import { formatInstant, type InstantUs } from '@repo/contract/instant';
import type { View } from '@repo/contract/view';
import { openDatabase } from '@repo/datasets/database';
import { materialize } from '@repo/features/materialize';
import { type OnlineStore, viewKey } from '@repo/features/online-store';
import { openOnlineStore } from '@repo/features/open-online-store';
import type { Context } from '../context.ts';
import { lookedUpViews, modelsOf } from '../looked-up-views.ts';
import { onlineStoreUrl } from '../online-store-url.ts';
import type { Outcome } from '../outcome.ts';
import { openRelations } from '../relations.ts';
import { currentSnapshot } from '../snapshots.ts';
import { table } from '../table.ts';
import { eachOnce } from '../workspace.ts';

/** What to fill the online store with. */
export interface MaterializeOptions {
  atUs: InstantUs;
  /** Leave views alone that the store has already. */
  ifEmpty: boolean;
}

async function fill(context: Context, store: OnlineStore, views: readonly View[], atUs: InstantUs) {
  const snapshots = Object.fromEntries(
    await Array.fromAsync(
      eachOnce(views.map((view) => view.source)),
      async (source) => [source.name, await currentSnapshot(context, source)] as const,
    ),
  );
  const database = await openDatabase();
  try {
    const relations = await openRelations(database, snapshots);
    context.progress.start('materialize', views.length);
    return await materialize(database, {
      views,
      relations,
      atUs,
      store,
      onProgress: (done, _total, view) => context.progress.update(done, view),
    });
  } finally {
    database.close();
  }
}

/** `causeway materialize <model> --at <time>`: fills the online store with what was known at a moment. Without a model: of all models. */
export async function materializeVerb(
  context: Context,
  name: string | null,
  { atUs, ifEmpty }: MaterializeOptions,
): Promise<Outcome> {
  const views = lookedUpViews(await modelsOf(context, name));
  const store = await openOnlineStore(onlineStoreUrl(context), context.workspace.root);
  try {
    const wanted: View[] = [];
    for (const view of views) {
      if (!ifEmpty || (await store.materializedAt(viewKey(view))) === null) wanted.push(view);
    }
    const done = wanted.length === 0 ? [] : await fill(context, store, wanted, atUs);
    const cells = done.map((v) => [v.written ? v.view : `${v.view} (a later moment is held)`, v.entities]);
    const nothing = views.length === 0 ? 'There is no view to look up.' : 'The online store holds every view.';
    const text = cells.length === 0 ? nothing : table(['view', 'entities'], cells);
    return { exitCode: 0, json: { at: formatInstant(atUs), views: done }, text };
  } finally {
    store.close();
  }
}
