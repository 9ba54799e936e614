import { join } from 'node:path';
import { digestOf, sha256 } from '@repo/contract/canonical-json';
import { InputError, type Problem, show } from '@repo/contract/input-error';
import {
  allBundleFiles,
  type BundleContents,
  type BundleManifest,
  bundleManifestSchema,
} from '@repo/contract/manifest';
import { nameSchema } from '@repo/contract/name';
import { manifestFile, readBundleFolder } from './bundle-folder.ts';
import { parseJson } from './json-object.ts';

/** A model bundle whose every byte agrees with its manifest. */
export interface Bundle {
  readonly dir: string;
  readonly manifest: BundleManifest;
  /** Identity of the bundle: `sha256:` and the SHA-256 of the manifest's canonical JSON. */
  readonly digest: string;
  /** The bytes that were verified, so that nobody need read the files a second time. */
  readonly contents: BundleContents;
}

const schema = bundleManifestSchema.extend({ model: nameSchema });

/** What of a file's content disagrees with the manifest's entry of it. */
function checkFile(path: string, content: Uint8Array, entry: BundleManifest['files'][number]): Problem[] {
  const received = sha256(content);
  if (received === entry.sha256 && content.length === entry.bytes) return [];
  return [
    {
      path,
      received: `sha256:${received}, ${content.length} bytes`,
      allowed: `sha256:${entry.sha256}, ${entry.bytes} bytes`,
      action: 'a bundle is never edited: restore the file, or train again',
    },
  ];
}

/**
 * Reads and verifies a bundle folder: the six files of a bundle, the optional ones that it has, and a manifest.json that lists
 * exactly these in order with their true digests. Throws InputError listing every file that is missing, extra, changed or a link.
 */
export async function readBundle(dir: string): Promise<Bundle> {
  const contents = await readBundleFolder(dir, 'required');
  const path = join(dir, manifestFile);
  const manifest = parseJson(schema, contents.get(manifestFile) as Uint8Array, path);
  const listed = manifest.files.map((file) => file.path);
  const present = allBundleFiles.filter((name) => contents.has(name));
  if (listed.join('/') !== present.join('/')) {
    throw new InputError({
      path: `${path}.files`,
      received: show(listed),
      allowed: `${present.join(', ')}, in this order`,
      action: 'restore the manifest, or train again',
    });
  }
  contents.delete(manifestFile);
  const problems = manifest.files.flatMap((entry) =>
    checkFile(join(dir, entry.path), contents.get(entry.path) as Uint8Array, entry),
  );
  if (problems.length > 0) throw new InputError(problems);
  return { dir, manifest, digest: digestOf(manifest), contents: Object.fromEntries(contents) as Bundle['contents'] };
}
