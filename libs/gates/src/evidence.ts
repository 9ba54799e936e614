import type { BundleContents, Golden, Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Profile } from '@repo/contract/profile';
import type { FeatureTable, FeatureTables } from '@repo/training/feature-table';
import type { BundleMetrics } from '@repo/training/measure';
import type { OnnxScorer } from '@repo/training/onnx-scorer';
import type { TrainerReference } from '@repo/training/trainer-reference';

/** One of the two models that are compared: its verified files, and its answers to the test rows. */
export interface Side {
  /** Number in the registry; null for a candidate that has none yet. */
  version: number | null;
  digest: string;
  contents: BundleContents;
  contract: ModelContract;
  metrics: BundleMetrics;
  profile: Profile;
  lineage: Lineage;
  golden: Golden;
  /** Null for an imported model. */
  trainer: TrainerReference | null;
  /** The test rows as this model's own contract encodes them; both sides have the same rows in the same order. */
  test: FeatureTable;
  /** Answers to these rows: probabilities, or values. */
  answers: Float32Array;
  /** Scores any rows as the service does: ONNX Runtime, one thread. */
  scorer: OnnxScorer;
  /** Why the model cannot be run under its contract; its answers then are NaN and its scorer rejects. Null for a model that runs. */
  failure: string | null;
}

/** A row of features as the service sees it: float32 values in the order of the contract, NaN for missing. Null: the service refuses the row. */
export type ServedRow = Float32Array | null;

/** All that the gates look at. Loading is done before: a gate computes, and asks the two functions at most. */
export interface Evidence {
  /** The definition in the checkout, which says by what to decide. */
  model: Model;
  candidate: Side;
  /** Null while a model has no champion. */
  champion: Side | null;
  /** Text of the candidate's model card; null where it has none. */
  card: string | null;
  /** What a model trained from this checkout would be made from. */
  checkout: Lineage;
  /** Every split as the candidate's contract encodes it, built by this checkout from the data as it is now. */
  tables: FeatureTables;
  /** Digest of the test table's bytes. */
  evaluationDigest: string;
  /** Features of events, by row id, on the road that a request takes: the online store as of the row's cut-off, then the candidate's contract. */
  served(rowIds: readonly string[]): Promise<ServedRow[]>;
  /** Trains the candidate a second time from its own lineage and answers the digest of the bundle; null where this run is not asked to. */
  rebuild: (() => Promise<string>) | null;
  /** How long models may be timed for, in ms; the fewest runs that an interval can be formed of are made anyhow. Default 10 s. */
  timingMs?: number;
}
