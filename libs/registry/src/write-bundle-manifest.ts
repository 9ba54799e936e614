import { join } from 'node:path';
import { canonicalJson, sha256 } from '@repo/contract/canonical-json';
import { allBundleFiles, type BundleManifest } from '@repo/contract/manifest';
import { nameSchema } from '@repo/contract/name';
import { parseOrThrow } from '@repo/contract/parse';
import writeFileAtomic from 'write-file-atomic';
import { manifestFile, readBundleFolder } from './bundle-folder.ts';
import { type Bundle, readBundle } from './read-bundle.ts';

/**
 * Writes (or replaces) manifest.json in a folder that holds the six files of a bundle, and reads the bundle back. The manifest is
 * stored as canonical JSON, so `sha256sum manifest.json` prints the bundle's digest. Throws InputError for a missing or extra file.
 */
export async function writeBundleManifest(dir: string, model: string): Promise<Bundle> {
  parseOrThrow(nameSchema, model, 'model');
  const contents = await readBundleFolder(dir, 'optional');
  const files = allBundleFiles
    .filter((path) => contents.has(path))
    .map((path) => {
      const content = contents.get(path) as Uint8Array;
      return { path, sha256: sha256(content), bytes: content.length };
    });
  const manifest: BundleManifest = { schemaVersion: 1, model, files };
  await writeFileAtomic(join(dir, manifestFile), canonicalJson(manifest));
  return readBundle(dir);
}
