import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Digest of the model definition the tables were built for. */
  definition: z.string(),
  /** Digest of each source's snapshot. */
  data: z.record(z.string(), z.string()),
  /** Digest of each view, by name@version. */
  views: z.record(z.string(), z.string()),
  rows: z.strictObject({ train: z.int(), validate: z.int(), test: z.int() }),
});

/** manifest.json of the features stage: what its tables were made from. */
export type FeatureManifest = z.infer<typeof schema>;

/** Reads the manifest in a features folder; null when there is none, or none of this form, so that the tables are built anew. */
export async function readFeatureManifest(dir: string): Promise<FeatureManifest | null> {
  try {
    return schema.parse(JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')));
  } catch {
    return null;
  }
}
