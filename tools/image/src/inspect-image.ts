import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { sourcesIn } from './bundled-packages.ts';
import { ImagePath } from './image-path.ts';

/** A file or folder of an image. */
interface ImageEntry {
  readonly path: string;
  /** As tar and ls write it: `drwxr-xr-x`. */
  readonly mode: string;
  /** Numbers of user and group: `0/0`. */
  readonly owner: string;
}

/** What an OCI archive really holds, whatever it was meant to. */
export interface ImageInspection {
  /** Of the manifest: `sha256:...`, by which a registry serves it. */
  readonly digest: string;
  /** All layers as they travel. */
  readonly compressedBytes: number;
  /** All layers as they lie on a node. */
  readonly unpackedBytes: number;
  /** Who runs it, as the image says: `65532:65532`. Empty: root. */
  readonly user: string;
  readonly entries: readonly ImageEntry[];
  /** Text of the bill of materials; null when there is none. */
  readonly bom: string | null;
  /** Sources in the bundle of the service, such as `node_modules/express/lib/express.js`; none where nothing is bundled. */
  readonly sources: readonly string[];
}

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

const text = (path: string): string => readFileSync(path, 'utf8');
const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

async function unpackedSize(layer: string): Promise<number> {
  let bytes = 0;
  for await (const chunk of createReadStream(layer).pipe(createGunzip())) bytes += chunk.length;
  return bytes;
}

/** A line of `tar -tv`: mode, owner, size, date, time, path. */
const entryLine = /^(\S{10})\s+(\d+\/\d+)\s+\S+\s+\S+\s+\S+\s+(.+)$/;

function entriesOf(layer: string): ImageEntry[] {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const lines = execFileSync('tar', ['--numeric-owner', '-tvzf', layer], options).split('\n');
  return lines.flatMap((line) => {
    const [, mode, owner, path] = entryLine.exec(line) ?? [];
    if (mode === undefined || owner === undefined || path === undefined) return [];
    return [{ mode, owner, path: path.replace(/^\.?\//, '').replace(/\/$/, '') }];
  });
}

/** Reads an OCI archive of one image with layers in gzip, as `buildImage` writes it. Throws Error for one of another kind. */
export async function inspectImage(archive: string): Promise<ImageInspection> {
  const dir = mkdtempSync(join(tmpdir(), 'image-layout-'));
  try {
    execFileSync('tar', ['-xf', archive, '-C', dir]);
    const blob = ({ digest }: Descriptor): string => join(dir, 'blobs', ...digest.split(':'));
    const { manifests } = JSON.parse(text(join(dir, 'index.json'))) as { manifests: Descriptor[] };
    const [only, second] = manifests;
    if (only === undefined || second !== undefined) throw new Error(`${archive} holds ${manifests.length} images`);
    const { config, layers } = JSON.parse(text(blob(only))) as { config: Descriptor; layers: Descriptor[] };
    const { User: user = '' } = (JSON.parse(text(blob(config))) as { config: { User?: string } }).config;
    const files = join(dir, 'files');
    mkdirSync(files);
    for (const layer of layers) execFileSync('tar', ['-xzf', blob(layer), '-C', files, '--no-same-owner']);
    const bomFile = join(files, ImagePath.bom);
    const service = join(files, ImagePath.service);
    const bundles = existsSync(service) ? readdirSync(service) : [];
    return {
      digest: only.digest,
      compressedBytes: total(layers.map(({ size }) => size)),
      unpackedBytes: total(await Promise.all(layers.map((layer) => unpackedSize(blob(layer))))),
      user,
      entries: layers.flatMap((layer) => entriesOf(blob(layer))),
      bom: existsSync(bomFile) ? text(bomFile) : null,
      sources: bundles.flatMap((file) => sourcesIn(text(join(service, file)))),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
