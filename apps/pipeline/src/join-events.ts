import type { Model } from '@repo/contract/model';
import type { View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { joinFeatures } from '@repo/features/join-features';
import type { Context } from './context.ts';

/** What is joined to the events of a model. */
export interface JoinEventsOptions {
  model: Model;
  /** The model's own, or those of another version of it. */
  views: readonly View[];
  cutoff: { column: string; leadUs: number };
  /** Relation of each source, by its name. */
  relations: Readonly<Record<string, string>>;
  /** Table to make. */
  into: string;
  /** What waits for it, as the progress says. */
  step: string;
}

/** Makes a table of every event row of a model with its label and its features as they were known at its cut-off. */
export async function joinEvents({ progress }: Context, database: Database, options: JoinEventsOptions): Promise<void> {
  const { model, views, cutoff, relations, into, step } = options;
  const { events, label } = model;
  let begun = false;
  await joinFeatures(database, {
    events: relations[events.name] as string,
    rowId: events.key,
    time: events.eventTime ?? model.cutoff.column,
    label: label.column,
    cutoff,
    views,
    relations,
    into,
    onProgress: (done, total, part) => {
      if (!begun) progress.start(step, total);
      begun = true;
      progress.update(done, part);
    },
  });
}
