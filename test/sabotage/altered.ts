import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { type BundleContents, goldenSchema } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { profileSchema } from '@repo/contract/profile';
import { bundleJson } from '@repo/registry/bundle-json';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';
import { bundleMetricsSchema } from '@repo/training/bundle-metrics';
import { exportModel } from '@repo/training/export-model';
import type { FeatureTable } from '@repo/training/feature-table';
import { createOnnxScorer } from '@repo/training/onnx-scorer';
import type { TreeEnsemble } from '@repo/training/prediction-model';
import { profileOf } from '@repo/training/profile';
import { rowMajor } from '@repo/training/row-major';
import { type TrainerReference, trainerReferenceSchema } from '@repo/training/trainer-reference';
import type { SabotageWorld } from './sabotage-world.ts';
import type { Trained } from './trained.ts';
import { contractOf } from './write-features.ts';

/** Files of a bundle by name. */
type Files = Partial<Record<keyof BundleContents, Uint8Array>>;

const json = (value: unknown) => new TextEncoder().encode(`${canonicalJson(value)}\n`);

/** The bundle with some files replaced, written to disk with a manifest of its own, so that its digest is true; the card names it. */
async function rewritten(world: SabotageWorld, name: string, from: Trained, files: Files): Promise<Trained> {
  const dir = world.folder(`altered-${name}`);
  await mkdir(dir, { recursive: true });
  for (const [file, bytes] of Object.entries({ ...from.contents, ...files })) await writeFile(join(dir, file), bytes);
  const { digest, contents } = await writeBundleManifest(dir, from.model.name);
  return { ...from, digest, contents, card: from.card.replaceAll(from.digest, digest) };
}

/** What the trainer of a bundle grew. */
export function treesOf({ contents }: Pick<Trained, 'contents'>): Extract<TrainerReference, { by: 'trees' }> {
  const reference = bundleJson(contents, 'trainer.json', trainerReferenceSchema);
  if (reference.by !== 'trees') throw new RangeError(`trainer.json: received ${reference.by}; allowed: trees`);
  return reference;
}

/** Rows of a table by their keys. */
function rowsOf({ rowIds, matrix }: FeatureTable, ids: readonly string[]): number[][] {
  const places = new Map(rowIds.map((id, row) => [id, row]));
  return ids.map((id) => matrix.columns.map((column) => column[places.get(id) as number] as number));
}

/** What a trainer that is not ours says of its model: its answers to the validation rows, and nothing of rows out of fold. */
async function foreignFiles({ contents, tables }: Trained, answersTo: (table: FeatureTable) => Promise<Float32Array>) {
  const metrics = bundleJson(contents, 'metrics.json', bundleMetricsSchema);
  const answers = [...(await answersTo(tables.validate))];
  const said: TrainerReference = { schemaVersion: 1, by: 'answers', rowIds: tables.validate.rowIds, answers };
  return { 'trainer.json': json(said), 'metrics.json': json({ ...metrics, trainer: { trainer: 'a program' } }) };
}

/**
 * The bundle that the train stage would have written had it come to this file on the tables of `from`: golden rows and the profile of the answers
 * are made anew. `trainer` null: a program that is not ours. What the bundle says of its own quality stays; no gate believes that.
 */
export async function withModel(
  world: SabotageWorld,
  name: string,
  from: Trained,
  onnx: Uint8Array = from.contents['model.onnx'],
  trainer: TrainerReference | null = treesOf(from),
): Promise<Trained> {
  const { contract, contents, tables } = from;
  const scorer = await createOnnxScorer(onnx, contract);
  const answersTo = ({ matrix }: FeatureTable) => scorer.score(rowMajor(matrix.columns, matrix.rows), matrix.rows);
  try {
    const profile = bundleJson(contents, 'profile.json', profileSchema);
    const golden = bundleJson(contents, 'golden.json', goldenSchema);
    const asked = rowsOf(tables.test, golden.rowIds);
    // The features are profiled as they were: a model does not change its rows.
    const { answers } = profileOf(
      { ...contract, features: [] },
      tables.train.matrix,
      await answersTo(tables.train),
      [],
    );
    const features = asked.map((row) => row.map((value) => (Number.isNaN(value) ? null : value)));
    const outputs = [...(await scorer.score(Float32Array.from(asked.flat()), asked.length))];
    return await rewritten(world, name, from, {
      'model.onnx': onnx,
      'profile.json': json({ ...profile, answers }),
      'golden.json': json({ ...golden, features, outputs }),
      ...(trainer === null ? await foreignFiles(from, answersTo) : { 'trainer.json': json(trainer) }),
    });
  } finally {
    await scorer.release();
  }
}

/** The bundle with its trees changed, exported and written down by the trainer as if it had grown them. */
export function withTrees(
  world: SabotageWorld,
  name: string,
  from: Trained,
  change: (trees: TreeEnsemble) => TreeEnsemble,
): Promise<Trained> {
  const reference = treesOf(from);
  const model = { ...change(reference.model), featureNames: [...reference.model.featureNames] };
  const onnx = exportModel(model, { calibration: reference.calibration, metadata: { model: from.model.name } });
  return withModel(world, name, from, onnx, { ...reference, model });
}

/** The bundle as if it had been trained under another definition of the same features: its contract and lineage are that one's. */
export function withDefinition(world: SabotageWorld, name: string, from: Trained, model: Model): Promise<Trained> {
  const contract = contractOf(model, world.road);
  const lineage = { ...from.lineage, definition: model.digest };
  const files = { 'contract.json': json(contract), 'lineage.json': json(lineage) };
  return rewritten(world, name, { ...from, model, contract, lineage }, files);
}
