import { resolve } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import { type Lineage, lineageSchema } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { modelContractSchema } from '@repo/contract/model-contract';
import type { Source } from '@repo/contract/source';
import type { View } from '@repo/contract/view';
import { type Database, openDatabase } from '@repo/datasets/database';
import type { Snapshot } from '@repo/datasets/snapshot';
import { type EvidenceOptions, type OpenEvidence, openEvidence } from '@repo/gates/open-evidence';
import { bundleJson } from '@repo/registry/bundle-json';
import { checkoutLineage } from '../checkout-lineage.ts';
import type { Context } from '../context.ts';
import { currentFeatures } from '../current-features.ts';
import { largeTables } from '../large-tables.ts';
import { openRelations } from '../relations.ts';
import { currentSnapshot } from '../snapshots.ts';
import { trainStage } from '../verbs/train.ts';
import { eachOnce } from '../workspace.ts';
import { againstBase, type Comparison } from './against-base.ts';
import { type CandidateBundle, candidateBundle } from './candidate-bundle.ts';
import { type ChampionBundle, championBundle } from './champion-bundle.ts';
import { contractTables, encodesAlike } from './contract-tables.ts';
import { contractViews } from './contract-views.ts';
import { secondTraining } from './second-training.ts';
import { servedRows } from './served-rows.ts';

/** What is compared. */
export interface GateTargets {
  /** Folder of the candidate; null for what is trained from this checkout. */
  candidate: string | null;
  /** Version of the champion; null for the committed one. */
  champion: number | null;
  /** Commit that this checkout is to be merged into, which then decides what is compared with what; null for what the two above say. */
  base: string | null;
  /** Also train a second time. */
  rebuild: boolean;
}

/** The bundle of the train stage, trained first where it is absent, damaged or was made from something else. */
async function currentBundle(context: Context, model: Model, checkout: Lineage): Promise<CandidateBundle> {
  const dir = context.workspace.stageDir(model.name, 'train');
  try {
    const found = await candidateBundle(dir, model.name);
    const { contents } = found;
    if (canonicalJson(bundleJson(contents, 'lineage.json', lineageSchema)) === canonicalJson(checkout)) return found;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  await trainStage(context, model);
  return candidateBundle(dir, model.name);
}

/** Opens today's data of the model and of whatever else the compared views read. */
async function openData(
  context: Context,
  database: Database,
  snapshots: Readonly<Record<string, Snapshot>>,
  sources: readonly Source[],
) {
  const all: Record<string, Snapshot> = { ...snapshots };
  for (const source of eachOnce(sources)) all[source.name] ??= await currentSnapshot(context, source);
  return openRelations(database, all);
}

interface Compared {
  candidate: CandidateBundle;
  champion: ChampionBundle | null;
}

const contractOf = ({ contents }: CandidateBundle | ChampionBundle) =>
  bundleJson(contents, 'contract.json', modelContractSchema);

/** The rows that both are judged by, and the road on which the candidate's rows are served. */
async function evidenceOptions(
  context: Context,
  database: Database,
  model: Model,
  { candidate, champion }: Compared,
  snapshots: Readonly<Record<string, Snapshot>>,
): Promise<Pick<EvidenceOptions, 'tables' | 'candidate' | 'champion' | 'card' | 'served'>> {
  const [ours, theirs] = [contractOf(candidate), champion === null ? null : contractOf(champion)];
  const views = await contractViews(context, model, ours);
  const championViews: View[] = theirs === null ? [] : await contractViews(context, model, theirs);
  const sources = [...views, ...championViews].map(({ source }) => source);
  const relations = await openData(context, database, snapshots, sources);
  const featuresDir = context.workspace.stageDir(model.name, 'features');
  const common = { model, relations, featuresDir };
  const own = { ...common, contract: ours, views, owner: 'candidate' };
  const tables = await contractTables(context, database, own, ['train', 'validate', 'test']);
  const served = (ids: readonly string[]) => servedRows({ database, model, contract: ours, views, relations }, ids);
  const options = { tables, candidate: { ...candidate, version: null }, card: candidate.card, served };
  if (champion === null || theirs === null) return { ...options, champion: null };
  const other = { ...common, contract: theirs, views: championViews, owner: 'champion' };
  const { test } = encodesAlike(ours, theirs) ? tables : await contractTables(context, database, other, ['test']);
  return { ...options, champion: { ...champion, test } };
}

async function comparisonOf(context: Context, model: string, targets: GateTargets): Promise<Comparison> {
  const { candidate, champion, base } = targets;
  if (base !== null) return againstBase(context, model, base);
  return { candidate, champion: await championBundle(context, model, champion) };
}

/**
 * Gathers all that the gates look at: makes features and, unless a candidate is named, its bundle current, and encodes the test rows for
 * both models. Throws InputError for a candidate or champion that is not there, damaged or of another model.
 */
export async function gatherEvidence(context: Context, model: Model, targets: GateTargets): Promise<OpenEvidence> {
  // What is wrong with the command is said before anything is made.
  const { candidate: folder, champion } = await comparisonOf(context, model.name, targets);
  const named = folder === null ? null : await candidateBundle(resolve(context.workingDir, folder), model.name);
  const { manifest, snapshots } = await currentFeatures(context, model);
  const checkout = await checkoutLineage(context, model, manifest);
  const candidate = named ?? (await currentBundle(context, model, checkout));
  const lineage = bundleJson(candidate.contents, 'lineage.json', lineageSchema);
  const rebuild = targets.rebuild ? () => secondTraining(context, model, lineage, checkout) : null;
  const database = await openDatabase(largeTables);
  try {
    const options = await evidenceOptions(context, database, model, { candidate, champion }, snapshots);
    const { evidence, release } = await openEvidence({ model, checkout, rebuild, ...options });
    const releaseAll = async () => {
      await release();
      database.close();
    };
    return { evidence, release: releaseAll };
  } catch (error) {
    database.close();
    throw error;
  }
}
