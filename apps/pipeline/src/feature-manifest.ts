import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseOrThrow } from '@repo/contract/parse';
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

/** Reads the manifest in a features folder; null when there is none. */
export async function readFeatureManifest(dir: string): Promise<FeatureManifest | null> {
  const path = join(dir, 'manifest.json');
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : parseOrThrow(schema, JSON.parse(text), path);
}
