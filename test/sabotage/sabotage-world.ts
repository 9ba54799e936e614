import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Model } from '@repo/contract/model';
import type { EvidenceOptions } from '@repo/gates/open-evidence';
import type { FeatureTables } from '@repo/training/feature-table';
import { readFeatureTables } from '@repo/training/read-feature-tables';
import { createFlightsRoad, type FlightsRoad } from './flights-road.ts';
import { retuned, sabotageModel, type WorldSize } from './sabotage-model.ts';
import { createServing } from './served-in-world.ts';
import { type Trained, train } from './trained.ts';
import { type RowsSql, rewriteFeatures, writeFeatures } from './write-features.ts';

/** A champion, an honest candidate, and all that defects are made from. */
export interface SabotageWorld {
  size: WorldSize;
  road: FlightsRoad;
  champion: Trained;
  /** The same definition trained with another seed. */
  honest: Trained;
  /** The honest tables as {@link SabotageWorld.train} has them. */
  fewer(): Promise<FeatureTables>;
  /** Trains a definition on the honest tables, or on what `sql` makes of them. In the full world on every fourth training row, to be quick. */
  train(name: string, model: Model, sql?: RowsSql): Promise<Trained>;
  /** What the gates look at: a candidate against the champion, another or, null, nobody. */
  evidence(candidate: Trained, champion?: Trained | null): EvidenceOptions;
  /** Path of a folder in the world. */
  folder(name: string): string;
  remove(): Promise<void>;
}

const everyRow: RowsSql = (_, rows) => `SELECT * FROM ${rows}`;
// Not by the hash that decides the made-up group of travellers.
const oneInFour: RowsSql = (split, rows) =>
  split === 'train'
    ? `SELECT * FROM ${rows} WHERE md5_number_lower(row_id || 'quarter') % 4 = 0`
    : everyRow(split, rows);

/** Takes real flights down the road of the stages, and trains a champion and an honest candidate on them. */
export async function createSabotageWorld(size: WorldSize): Promise<SabotageWorld> {
  const root = await mkdtemp(join(tmpdir(), 'sabotage-'));
  const folder = (name: string) => join(root, name);
  const model = sabotageModel(size);
  const road = await createFlightsRoad(model, size, folder('data'));
  const featuresDir = folder('features');
  await writeFeatures(model, road, featuresDir);
  const trainOn = (name: string, changed: Model, dir: string) =>
    train({ model: changed, road, featuresDir: dir, outDir: folder(`train-${name}`) });
  const serving = createServing(road, size === 'full' ? 8 : 16);
  const champion = await trainOn('champion', model, featuresDir);
  // Tables of their own would be the same: gates work out once what depends on the tables alone.
  const honest = { ...(await trainOn('honest', retuned(model, { seed: 2 }), featuresDir)), tables: champion.tables };
  const thinned: RowsSql = size === 'full' ? oneInFour : everyRow;
  return {
    size,
    road,
    champion,
    honest,
    fewer: async () => {
      if (size === 'small') return honest.tables;
      const to = folder('features-fewer');
      await rewriteFeatures(model, road, { from: featuresDir, to }, thinned);
      return (await readFeatureTables(road.database, to)).tables;
    },
    train: async (name, changed, sql = everyRow) => {
      const to = folder(`features-${name}`);
      const ofFewer: RowsSql = (split, rows) => sql(split, `(${thinned(split, rows)})`);
      await rewriteFeatures(changed, road, { from: featuresDir, to }, ofFewer);
      return trainOn(name, changed, to);
    },
    evidence: (candidate, rival = champion) => ({
      model: candidate.model,
      candidate: { version: null, digest: candidate.digest, contents: candidate.contents },
      champion:
        rival === null ? null : { version: 1, digest: rival.digest, contents: rival.contents, test: rival.tables.test },
      tables: candidate.tables,
      card: candidate.card,
      checkout: candidate.lineage,
      served: serving(candidate),
      rebuild: null,
      ...(size === 'small' && { timingMs: 50 }),
    }),
    folder,
    remove: async () => {
      road.database.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
