import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { deriveContract } from '@repo/contract/derive-contract';
import { microseconds } from '@repo/contract/duration';
import { parseInstant } from '@repo/contract/instant';
import type { Model } from '@repo/contract/model';
import { modelContractSchema } from '@repo/contract/model-contract';
import { parseOrThrow } from '@repo/contract/parse';
import { type Database, openDatabase } from '@repo/datasets/database';
import { assertPinned } from '@repo/features/assert-pinned';
import { fitCategories } from '@repo/features/fit-categories';
import { joinFeatures } from '@repo/features/join-features';
import { writeMatrix } from '@repo/features/write-matrix';
import { verifyCommitted } from '@repo/registry/verify-committed';
import type { Context } from '../context.ts';
import type { FeatureManifest } from '../feature-manifest.ts';
import type { Outcome } from '../outcome.ts';
import { openRelations } from '../relations.ts';
import { table } from '../table.ts';
import { validatedSnapshots } from '../validated.ts';
import { loadModel } from '../workspace.ts';

const splits = ['train', 'validate', 'test'] as const;
const joined = 'joined';

/** Event times of a split. Training and validation rows whose label was not yet known when the next part began are left out. */
function rangeOf(model: Model, split: (typeof splits)[number]): { fromUs: number; toUs: number } {
  const [from, to] = model.split[split].map((day) => parseInstant(day, `split.${split}`)) as [number, number];
  return { fromUs: from, toUs: split === 'test' ? to : to - microseconds(model.label.knownAfter) };
}

/** Refuses a view that changed under the version that the committed champion was trained with. */
async function requirePinned(context: Context, model: Model): Promise<void> {
  const committed = await verifyCommitted(context.workspace.modelDir(model.name));
  if (committed === null) return;
  const text = Buffer.from(committed.contents['contract.json']).toString('utf8');
  assertPinned(parseOrThrow(modelContractSchema, JSON.parse(text), 'contract.json').views, model.features);
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
  }
  await writeFile(join(dir, 'contract.json'), `${canonicalJson(contract)}\n`, { flush: true });
  return rows;
}

/** `causeway features <model>`: joins the features of every labelled row as they were known at its cut-off, and writes one table a split. */
export async function featuresVerb(context: Context, name: string): Promise<Outcome> {
  const model = await loadModel(context.workspace, name);
  await requirePinned(context, model);
  const snapshots = await validatedSnapshots(context, model);
  const outDir = context.workspace.stageDir(name, 'features');
  await mkdir(dirname(outDir), { recursive: true });
  const scratch = await mkdtemp(`${outDir}.`);
  const database = await openDatabase({ memoryMiB: 2048 });
  try {
    const relations = await openRelations(database, snapshots);
    const events = relations[model.events.name] as string;
    let begun = false;
    const onProgress = (done: number, total: number, step: string) => {
      if (!begun) context.progress.start('join features', total);
      begun = true;
      context.progress.update(done, step);
    };
    const { key, eventTime } = model.events;
    const time = eventTime ?? model.cutoff.column;
    const cutoff = { column: model.cutoff.column, leadUs: microseconds(model.cutoff.lead) };
    await joinFeatures(database, {
      events,
      rowId: key,
      time,
      label: model.label.column,
      cutoff,
      views: model.features,
      relations,
      into: joined,
      onProgress,
    });
    const dataBeginsUs = snapshots[model.events.name]?.manifest.eventTimeUs?.[0] ?? 0;
    const rows = await writeTables(database, model, scratch, dataBeginsUs);
    const data = Object.fromEntries(Object.entries(snapshots).map(([source, s]) => [source, s.digest]));
    const views = Object.fromEntries(model.features.map((v) => [`${v.spec.name}@${v.spec.version}`, v.digest]));
    const manifest: FeatureManifest = { schemaVersion: 1, definition: model.digest, data, views, rows };
    await writeFile(join(scratch, 'manifest.json'), `${canonicalJson(manifest)}\n`, { flush: true });
    await rm(outDir, { recursive: true, force: true });
    await rename(scratch, outDir);
    return {
      exitCode: 0,
      json: manifest,
      text: table(
        ['split', 'days', 'rows'],
        splits.map((s) => [s, model.split[s].join(' to '), rows[s]]),
      ),
    };
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  } finally {
    database.close();
  }
}
