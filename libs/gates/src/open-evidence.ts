import { createHash } from 'node:crypto';
import { InputError } from '@repo/contract/input-error';
import { type BundleContents, goldenSchema, lineageSchema } from '@repo/contract/manifest';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { profileSchema } from '@repo/contract/profile';
import { StageFailure } from '@repo/contract/stage-failure';
import { bundleJson } from '@repo/registry/bundle-json';
import { bundleMetricsSchema } from '@repo/training/bundle-metrics';
import type { FeatureTable } from '@repo/training/feature-table';
import { createOnnxScorer, type OnnxScorer } from '@repo/training/onnx-scorer';
import { rowMajor } from '@repo/training/row-major';
import { trainerReferenceSchema } from '@repo/training/trainer-reference';
import type { Evidence, Side } from './evidence.ts';

/** A bundle whose bytes are verified, and the test rows as its contract encodes them. */
export interface SideOptions {
  version: number | null;
  digest: string;
  contents: BundleContents;
  test: FeatureTable;
}

/** What evidence is made from; all but the two models is taken as it is. */
export interface EvidenceOptions
  extends Pick<Evidence, 'model' | 'tables' | 'card' | 'checkout' | 'served' | 'rebuild' | 'timingMs'> {
  candidate: Omit<SideOptions, 'test'>;
  champion: SideOptions | null;
}

/** Evidence that holds sessions of ONNX Runtime until it is released. */
export interface OpenEvidence {
  evidence: Evidence;
  release(): Promise<void>;
}

type Running = Pick<Side, 'answers' | 'scorer' | 'failure'>;

/** Opens a model and lets it answer the test rows. A model that breaks its contract is no error here: the gates are to say so. */
async function run(onnx: Uint8Array, contract: ModelContract, { matrix }: FeatureTable): Promise<Running> {
  let scorer: OnnxScorer | null = null;
  try {
    scorer = await createOnnxScorer(onnx, contract);
    const answers = await scorer.score(rowMajor(matrix.columns, matrix.rows), matrix.rows);
    return { answers, scorer, failure: null };
  } catch (error) {
    await scorer?.release();
    if (!(error instanceof StageFailure)) throw error;
    const failing: OnnxScorer = { score: () => Promise.reject(error), release: () => Promise.resolve() };
    return { answers: new Float32Array(matrix.rows).fill(Number.NaN), scorer: failing, failure: error.message };
  }
}

async function openSide({ version, digest, contents, test }: SideOptions): Promise<Side> {
  const contract = bundleJson(contents, 'contract.json', modelContractSchema);
  const files = {
    metrics: bundleJson(contents, 'metrics.json', bundleMetricsSchema),
    profile: bundleJson(contents, 'profile.json', profileSchema),
    lineage: bundleJson(contents, 'lineage.json', lineageSchema),
    golden: bundleJson(contents, 'golden.json', goldenSchema),
    trainer:
      contents['trainer.json'] === undefined ? null : bundleJson(contents, 'trainer.json', trainerReferenceSchema),
  };
  const running = await run(contents['model.onnx'], contract, test);
  return { version, digest, contents, contract, ...files, test, ...running };
}

/** SHA-256 of the rows of a table: their keys, times, labels and features. */
function tableDigest({ rowIds, timesUs, matrix }: FeatureTable): string {
  const hash = createHash('sha256').update(JSON.stringify([matrix.featureNames, rowIds]));
  const bytes = (column: Float32Array | Float64Array) =>
    new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  for (const column of [timesUs, matrix.labels, ...matrix.columns]) hash.update(bytes(column));
  return `sha256:${hash.digest('hex')}`;
}

function requireSameRows(candidate: FeatureTable, champion: FeatureTable): void {
  const at = candidate.rowIds.findIndex((id, row) => champion.rowIds[row] !== id);
  if (at < 0 && champion.rowIds.length === candidate.rowIds.length) return;
  throw new RangeError(`test rows: received ${champion.rowIds.length} of the champion; allowed: the candidate's`);
}

/**
 * Opens the bundles that are compared and lets both answer the test rows. Throws InputError where a file of a bundle does not fit its
 * schema, or the champion cannot be run. A candidate that cannot be run has its `failure` set.
 */
export async function openEvidence(options: EvidenceOptions): Promise<OpenEvidence> {
  const { tables, candidate, champion, ...rest } = options;
  if (champion !== null) requireSameRows(tables.test, champion.test);
  const sides: Side[] = [];
  const release = async () => {
    for (const { scorer } of sides) await scorer.release();
  };
  const open = async (side: SideOptions) => {
    const opened = await openSide(side);
    sides.push(opened);
    return opened;
  };
  try {
    const ours = await open({ ...candidate, test: tables.test });
    const theirs = champion === null ? null : await open(champion);
    if (theirs !== null && theirs.failure !== null)
      throw new InputError({
        path: 'champion',
        received: theirs.failure,
        allowed: 'a model that runs under its contract',
        action: 'name another version with --champion, or train the champion again',
      });
    const evidence = { ...rest, tables, candidate: ours, champion: theirs, evaluationDigest: tableDigest(tables.test) };
    return { evidence, release };
  } catch (error) {
    await release();
    throw error;
  }
}
