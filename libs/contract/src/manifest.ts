import { z } from 'zod';

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

/** The files of a model bundle, all of which and only which its digest covers. */
export const bundleFiles = [
  'contract.json',
  'golden.json',
  'lineage.json',
  'metrics.json',
  'model.onnx',
  'profile.json',
] as const;
export type BundleFile = (typeof bundleFiles)[number];

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
});
export type Lineage = z.infer<typeof lineageSchema>;

/** golden.json: rows with the outputs expected of them, to check before a model is declared ready. NaN is null. */
export const goldenSchema = z.strictObject({
  schemaVersion: z.literal(1),
  features: z.array(z.array(z.number().nullable())),
  outputs: z.array(z.number()),
  /** Largest difference allowed. */
  tolerance: z.number().min(0),
});
export type Golden = z.infer<typeof goldenSchema>;

/** champion.json beside a model definition: the version that serves, pinned by digest. */
export const championSchema = z.strictObject({ version: z.int().min(1), digest });
export type Champion = z.infer<typeof championSchema>;
