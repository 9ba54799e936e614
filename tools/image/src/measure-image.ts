import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';

/** What an OCI archive holds. */
export interface ImageMeasures {
  /** Of the manifest: `sha256:...`, by which a registry serves it. */
  readonly digest: string;
  /** All layers as they travel. */
  readonly compressedBytes: number;
  /** All layers as they lie on a node. */
  readonly unpackedBytes: number;
}

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

async function unpackedSize(layer: string): Promise<number> {
  let bytes = 0;
  for await (const chunk of createReadStream(layer).pipe(createGunzip())) bytes += chunk.length;
  return bytes;
}

/** Measures an OCI archive of one image with layers in gzip, as `buildImage` writes it. Throws Error for one of another kind. */
export async function measureImage(archive: string): Promise<ImageMeasures> {
  const dir = mkdtempSync(join(tmpdir(), 'image-layout-'));
  try {
    execFileSync('tar', ['-xf', archive, '-C', dir]);
    const blob = ({ digest }: Descriptor): string => join(dir, 'blobs', ...digest.split(':'));
    const { manifests } = JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8')) as { manifests: Descriptor[] };
    const [only, second] = manifests;
    if (only === undefined || second !== undefined) throw new Error(`${archive} holds ${manifests.length} images`);
    const { layers } = JSON.parse(readFileSync(blob(only), 'utf8')) as { layers: Descriptor[] };
    const sizes = await Promise.all(layers.map((layer) => unpackedSize(blob(layer))));
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    return {
      digest: only.digest,
      compressedBytes: sum(layers.map(({ size }) => size)),
      unpackedBytes: sum(sizes),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
