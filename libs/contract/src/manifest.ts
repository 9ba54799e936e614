import { z } from 'zod';
import { splitSchema } from './split.ts';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: 'sha256: and 64 hexadecimal digits' });
const file = z.strictObject({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().min(0) });

/** manifest.json of a dataset snapshot. Its digest is the version of the data, so it holds no clock and no path of the machine. */
export const snapshotManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  source: z.string(),
  files: z.array(file),
  /** Digest of the column names and types. */
  schemaDigest: digest,
  rows: z.int().min(0),
  /** First and last event time in UTC microseconds; null for a source without time. */
  eventTimeUs: z.tuple([z.int(), z.int()]).nullable(),
  /** What ingest lists for people: title and values, such as airports without a zone. */
  notes: z.record(z.string(), z.array(z.string())),
});
export type SnapshotManifest = z.infer<typeof snapshotManifestSchema>;

/** The files of every model bundle; its digest covers them and those of {@link optionalBundleFiles} that it has, and nothing else. */
export const bundleFiles = [
  'contract.json',
  'golden.json',
  'lineage.json',
  'metrics.json',
  'model.onnx',
  'profile.json',
] as const;
export type BundleFile = (typeof bundleFiles)[number];

/**
 * What a bundle may have besides: `compact.onnx`, the small model on the features of request views alone (input `features` FP32 [n, k] in the
 * order of the contract, output as the contract says), `outliers.onnx`, an isolation forest over all features (input `features` FP32
 * [n, F], output `outlier_score` FP32 [n, 1], higher is stranger), and `trainer.json`, what the trainer itself says that the model answers: the
 * gates hold model.onnx to it. A service reads the first two only.
 */
export const optionalBundleFiles = ['compact.onnx', 'outliers.onnx', 'trainer.json'] as const;
export type OptionalBundleFile = (typeof optionalBundleFiles)[number];

/** Every name that a file of a bundle may have, in the order of its manifest. */
export const allBundleFiles: readonly string[] = [...bundleFiles, ...optionalBundleFiles].sort();

/** Contents of a bundle's files by name. */
export type BundleContents = Readonly<Record<BundleFile, Uint8Array> & Partial<Record<OptionalBundleFile, Uint8Array>>>;

/** manifest.json of a model bundle; the digest of its canonical JSON identifies the bundle. */
export const bundleManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: z.string(),
  files: z.array(file),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

/** lineage.json: digests of all that a bundle was made from. Equal lineage means equal bytes. */
export const lineageSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Digest of the model definition. */
  definition: digest,
  /** Digest of each source's snapshot, by name. */
  data: z.record(z.string(), digest),
  /** Digest of each feature view, by `name@version`. */
  views: z.record(z.string(), digest),
  /** Digest of the code that trained. */
  trainer: digest,
  /** The days of a retrain; absent for those of the definition, which its digest covers. */
  window: splitSchema.optional(),
});
export type Lineage = z.infer<typeof lineageSchema>;

/** golden.json: rows with the outputs expected of them, to check before a model is declared ready. NaN is null. */
export const goldenSchema = z.strictObject({
  schemaVersion: z.literal(1),
  features: z.array(z.array(z.number().nullable())),
  /** Key of the event that each row was made from; empty where the rows are no events. */
  rowIds: z.array(z.string()).default([]),
  outputs: z.array(z.number()),
  /** Largest difference allowed. */
  tolerance: z.number().min(0),
});
export type Golden = z.infer<typeof goldenSchema>;

/** champion.json beside a model definition: the version that serves, pinned by digest. */
export const championSchema = z.strictObject({ version: z.int().min(1), digest });
export type Champion = z.infer<typeof championSchema>;
