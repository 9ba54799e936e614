import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { sha256 } from '@repo/contract/canonical-json';
import { billOfMaterials } from './bill-of-materials.ts';
import { ImagePath } from './image-path.ts';
import { installedClosure } from './installed-closure.ts';
import { lockedPackages } from './locked-package.ts';
import { copyInto, nodePackage, outside, type StageOptions, setModes, stageBase } from './stage-image.ts';
import { type StagedModel, stageModels } from './stage-models.ts';
import { systemLibrary } from './system-library.ts';
import { trimElf } from './trim-elf.ts';

const program = 'apps/pipeline';

/** Sources are what runs: no tests, no fixtures, nothing that was built. */
const isSource = (path: string): boolean =>
  !/\.(test|e2e)\.ts$|\/(fixtures|node_modules|dist)$|tsconfig\.json$/.test(path);

/** Copies a folder of the workspace as it is run: sources, not bundled, since what trained a model is told by the digest of its sources. */
const copySources = (from: string, to: string): void => cpSync(from, to, { recursive: true, filter: isSource });

/** Copies a package without those that lie in it, which are listed by themselves. */
function copyPackage(root: string, folder: string, to: string): void {
  const parts = outside[folder.replace(/^node_modules\//, '')] ?? readdirSync(join(root, folder));
  for (const part of parts.filter((one) => one !== 'node_modules'))
    copyInto(join(root, folder, part), join(to, folder, part));
}

/** Native libraries that the packages bring. */
function nativeIn(dir: string): string[] {
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && /\.node$|\.so(\.|$)/.test(entry.name));
  return files.map(({ parentPath, name }) => join(parentPath, name));
}

/** By their names, as npm links the packages of the workspace: relative, so that they lead to the same place in the image. */
function linkOwn(folder: string, app: string): void {
  const { name } = JSON.parse(readFileSync(join(app, folder, 'package.json'), 'utf8')) as { name: string };
  const link = join(app, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(app, folder)), link);
}

/**
 * Lays out the root of the image of `causeway`: Node, the command's sources and packages, and the definitions, data and champions of this
 * commit. The same bytes for the same commit on the same machine. Takes a few seconds. Returns the champions in it. Throws InputError when a pin
 * and its bundle disagree, Error when something is not in package-lock.json.
 */
export async function stagePipeline({ root, outDir, withBase }: StageOptions): Promise<StagedModel[]> {
  rmSync(outDir, { recursive: true, force: true });
  const app = join(outDir, ImagePath.app);
  mkdirSync(app, { recursive: true });
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const { own, packages } = installedClosure(lock, program);
  // By nx.json the command finds the workspace; package.json says that definitions are modules.
  for (const file of ['nx.json', 'package.json']) copyInto(join(root, file), join(app, file));
  for (const folder of own) copySources(join(root, folder), join(app, folder));
  for (const folder of packages) copyPackage(root, folder, app);
  for (const folder of own) linkOwn(folder, app);
  for (const folder of ['features', 'models']) copySources(join(root, folder), join(app, folder));
  const node = trimElf(readFileSync(join(root, nodePackage, 'bin/node')));
  mkdirSync(join(app, 'bin'));
  writeFileSync(join(outDir, ImagePath.node), node);
  const models = await stageModels(join(root, 'models'), join(outDir, ImagePath.models));
  mkdirSync(join(outDir, ImagePath.state));
  const libraries = withBase ? [] : stageBase(root, outDir, nativeIn(join(app, 'node_modules')));
  const locked = lockedPackages(lock);
  const bom = await billOfMaterials({
    name: 'causeway-pipeline',
    version: JSON.parse(readFileSync(join(root, program, 'package.json'), 'utf8')).version,
    packages: packages.map(locked),
    node: { version: locked(nodePackage).version, sha256: sha256(node) },
    models,
    libraries: libraries.map(systemLibrary),
  });
  writeFileSync(join(outDir, ImagePath.bom), bom);
  setModes(outDir);
  return models;
}
