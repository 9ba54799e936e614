import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { deriveContract } from '@repo/contract/derive-contract';
import { microseconds } from '@repo/contract/duration';
import { InputError } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import { type Database, openDatabase } from '@repo/datasets/database';
import { fitCategories } from '@repo/features/fit-categories';
import { writeMatrix } from '@repo/features/write-matrix';
import type { Context } from '../context.ts';
import type { FeatureManifest } from '../feature-manifest.ts';
import { joinEvents } from '../join-events.ts';
import { largeTables } from '../large-tables.ts';
import type { Outcome } from '../outcome.ts';
import { requirePinned } from '../pinned.ts';
import { openRelations } from '../relations.ts';
import { replaceFolder } from '../replace-folder.ts';
import { splitNames, splitRange } from '../split-range.ts';
import { table } from '../table.ts';
import { validatedSnapshots } from '../validated.ts';

const joined = 'joined';

async function writeTables(
  database: Database,
  model: Model,
  dir: string,
  dataBeginsUs: number,
): Promise<FeatureManifest['rows']> {
  const categories = await fitCategories(database, {
    table: joined,
    views: model.features,
    ...splitRange(model, 'train'),
  });
  const contract = deriveContract(model, { dataBeginsUs, categories });
  const rows = { train: 0, validate: 0, test: 0 };
  for (const split of splitNames) {
    rows[split] = await writeMatrix(database, {
      table: joined,
      features: contract.features,
      ...splitRange(model, split),
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

/** `causeway features <model>`: joins the features of every labelled row as they were known at its cut-off, and writes one table a split. */
export async function featuresStage(context: Context, model: Model): Promise<Outcome> {
  await requirePinned(context, model);
  const snapshots = await validatedSnapshots(context, model);
  const database = await openDatabase(largeTables);
  try {
    await joinEvents(context, database, {
      model,
      views: model.features,
      cutoff: { column: model.cutoff.column, leadUs: microseconds(model.cutoff.lead) },
      relations: await openRelations(database, snapshots),
      into: joined,
      step: 'join features',
    });
    const manifest = await replaceFolder(context.workspace.stageDir(model.name, 'features'), async (dir) => {
      const dataBeginsUs = snapshots[model.events.name]?.manifest.eventTimeUs?.[0] ?? 0;
      const rows = await writeTables(database, model, dir, dataBeginsUs);
      const data = Object.fromEntries(Object.entries(snapshots).map(([source, s]) => [source, s.digest]));
      const views = Object.fromEntries(model.features.map((v) => [`${v.spec.name}@${v.spec.version}`, v.digest]));
      const made: FeatureManifest = { schemaVersion: 1, definition: model.digest, data, views, rows };
      await writeFile(join(dir, 'manifest.json'), `${canonicalJson(made)}\n`, { flush: true });
      return made;
    });
    const cells = splitNames.map((s) => [s, model.split[s].join(' to '), manifest.rows[s]]);
    return { exitCode: 0, json: manifest, text: table(['split', 'days', 'rows'], cells) };
  } finally {
    database.close();
  }
}
