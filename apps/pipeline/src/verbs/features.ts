import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { deriveContract } from '@repo/contract/derive-contract';
import { microseconds } from '@repo/contract/duration';
import { InputError } from '@repo/contract/input-error';
import { parseInstant } from '@repo/contract/instant';
import type { Model } from '@repo/contract/model';
import { type Database, openDatabase } from '@repo/datasets/database';
import { fitCategories } from '@repo/features/fit-categories';
import { joinFeatures } from '@repo/features/join-features';
import { writeMatrix } from '@repo/features/write-matrix';
import type { Context } from '../context.ts';
import type { FeatureManifest } from '../feature-manifest.ts';
import type { Outcome } from '../outcome.ts';
import { requirePinned } from '../pinned.ts';
import { openRelations } from '../relations.ts';
import { replaceFolder } from '../replace-folder.ts';
import { table } from '../table.ts';
import { validatedSnapshots } from '../validated.ts';

const splits = ['train', 'validate', 'test'] as const;
const joined = 'joined';

/** Event times of a split. Training and validation rows whose label was not yet known when the next part began are left out. */
function rangeOf(model: Model, split: (typeof splits)[number]): { fromUs: number; toUs: number } {
  const [from, to] = model.split[split].map((day) => parseInstant(day, `split.${split}`)) as [number, number];
  return { fromUs: from, toUs: split === 'test' ? to : to - microseconds(model.label.knownAfter) };
}

async function writeTables(
  database: Database,
  model: Model,
  dir: string,
  dataBeginsUs: number,
): Promise<FeatureManifest['rows']> {
  const categories = await fitCategories(database, {
    table: joined,
    views: model.features,
    ...rangeOf(model, 'train'),
  });
  const contract = deriveContract(model, { dataBeginsUs, categories });
  const rows = { train: 0, validate: 0, test: 0 };
  for (const split of splits) {
    rows[split] = await writeMatrix(database, {
      table: joined,
      features: contract.features,
      ...rangeOf(model, split),
      path: join(dir, `${split}.parquet`),
    });
    if (rows[split] > 0) continue;
    throw new InputError({
      path: `${model.name}.split.${split}`,
      received: `${model.split[split].join(' to ')}, without a labelled row`,
      allowed: 'days with labelled rows',
      action: `move the split, or ingest the data of these days`,
    });
  }
  await writeFile(join(dir, 'contract.json'), `${canonicalJson(contract)}\n`, { flush: true });
  return rows;
}

/** Makes the table `joined`: every event row with its features as they were known at its cut-off. */
async function joinAll(
  { progress }: Context,
  model: Model,
  database: Database,
  relations: Readonly<Record<string, string>>,
): Promise<void> {
  const { events, cutoff, label, features } = model;
  let begun = false;
  await joinFeatures(database, {
    events: relations[events.name] as string,
    rowId: events.key,
    time: events.eventTime ?? cutoff.column,
    label: label.column,
    cutoff: { column: cutoff.column, leadUs: microseconds(cutoff.lead) },
    views: features,
    relations,
    into: joined,
    onProgress: (done, total, step) => {
      if (!begun) progress.start('join features', total);
      begun = true;
      progress.update(done, step);
    },
  });
}

/** `causeway features <model>`: joins the features of every labelled row as they were known at its cut-off, and writes one table a split. */
export async function featuresStage(context: Context, model: Model): Promise<Outcome> {
  await requirePinned(context, model);
  const snapshots = await validatedSnapshots(context, model);
  const database = await openDatabase({ memoryMiB: 2048 });
  try {
    await joinAll(context, model, database, await openRelations(database, snapshots));
    const manifest = await replaceFolder(context.workspace.stageDir(model.name, 'features'), async (dir) => {
      const dataBeginsUs = snapshots[model.events.name]?.manifest.eventTimeUs?.[0] ?? 0;
      const rows = await writeTables(database, model, dir, dataBeginsUs);
      const data = Object.fromEntries(Object.entries(snapshots).map(([source, s]) => [source, s.digest]));
      const views = Object.fromEntries(model.features.map((v) => [`${v.spec.name}@${v.spec.version}`, v.digest]));
      const made: FeatureManifest = { schemaVersion: 1, definition: model.digest, data, views, rows };
      await writeFile(join(dir, 'manifest.json'), `${canonicalJson(made)}\n`, { flush: true });
      return made;
    });
    const cells = splits.map((s) => [s, model.split[s].join(' to '), manifest.rows[s]]);
    return { exitCode: 0, json: manifest, text: table(['split', 'days', 'rows'], cells) };
  } finally {
    database.close();
  }
}
