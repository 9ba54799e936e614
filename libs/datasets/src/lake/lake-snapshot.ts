import { z } from 'zod';

const hex = z.string().regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits' });
const range = z.tuple([z.int(), z.int()]);

/** One immutable file of rows below the lake's folder, named after the SHA-256 of its bytes. */
const fileSchema = z.strictObject({ file: z.string(), sha256: hex, bytes: z.int().min(1), rows: z.int().min(0) });

const batchSchema = z.strictObject({
  /** SHA-256 of the raw rows, whatever their order and the file that held them: the same batch twice has it twice. */
  id: hex,
  /** The snapshot that made it visible. Of two rows observed at the same time the one with the higher number counts. */
  number: z.int().min(1),
  ...fileSchema.shape,
  /** First and last event time in UTC microseconds; null for a source without time. */
  eventTimeUs: range.nullable(),
  /** First and last moment at which its rows were observed, UTC microseconds. */
  observedUs: range,
  /** Its rows that were kept out of the table, and where they lie; null when all are in. */
  quarantined: fileSchema.nullable(),
});

/** A batch in a lake. */
export type LakeBatch = z.infer<typeof batchSchema>;

const partSchema = z.strictObject({
  ...fileSchema.shape,
  /** 1: made of batches, 2: made of parts of level 1, and so on. */
  level: z.int().min(1),
  /** Numbers of its first and last batch. */
  numbers: z.tuple([z.int().min(1), z.int().min(1)]),
  /** File with what the snapshots said about its batches: {@link partBatchesSchema}. */
  batches: z.strictObject({ file: z.string(), sha256: hex, bytes: z.int().min(1), count: z.int().min(1) }),
});

/** Batches that were joined in one file, with all of their rows. */
export type LakePart = z.infer<typeof partSchema>;

/** What a part was made of, in the order of their numbers. */
export const partBatchesSchema = z.array(batchSchema);

/** `snapshots/<number>.json`: all that the lake holds from then on until the next one. Written once, never changed. */
export const lakeSnapshotSchema = z.strictObject({
  schemaVersion: z.literal(1),
  source: z.string(),
  number: z.int().min(1),
  /** Digest of the snapshot before; null for the first. */
  previous: z.string().nullable(),
  /** Batches joined in larger files, oldest first. */
  parts: z.array(partSchema),
  /** Batches since then, oldest first. */
  batches: z.array(batchSchema),
  /** Rows of all batches, corrections and what they correct included. */
  rows: z.int().min(0),
});
export type LakeSnapshot = z.infer<typeof lakeSnapshotSchema>;

/** The newest snapshot of a lake. */
export interface LakeHead {
  readonly snapshot: LakeSnapshot;
  /** `sha256:` digest of the snapshot. */
  readonly digest: string;
}
