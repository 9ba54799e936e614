import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, sha256 } from '@repo/contract/canonical-json';
import type { Training } from '@repo/contract/training';
import { importOnnx } from './import-onnx.ts';

/** Packages whose code decides the bytes of a model trained here. */
const packages = ['@repo/onnx', '@repo/stats', '@repo/training'];

async function filesOf(folder: string, keep: (path: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.filter((path) => keep(path.slice(folder.length + 1))).sort();
}

async function digestFiles(folder: string, keep: (path: string) => boolean): Promise<Record<string, string>> {
  const paths = await filesOf(folder, keep);
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path.slice(folder.length + 1), sha256(await readFile(path))])),
  );
}

const isCode = (path: string) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('fixtures/');

/** Charts and pages do not end up in a bundle. */
const isReport = (path: string) => path.startsWith('report/');

/** What lies in a model's folder without being part of its trainer. */
const isAside = (path: string) => /^(release|samples)\/|^(champion\.json|model\.ts)$|(^|\/)__pycache__\//.test(path);

/**
 * Digest of the code that trains: our own sources and the Node version for gradient boosting, every file of the model's folder but releases and
 * samples for a foreign trainer, the file itself for an import. Equal digest, definition and data give equal bytes.
 * Throws InputError when the file to import is absent or no model.
 */
export async function trainerDigest(training: Training, modelDir: string): Promise<string> {
  const own = await Promise.all(
    packages.map(async (name) => {
      const folder = join(dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`))), 'src');
      return [name, await digestFiles(folder, (path) => isCode(path) && !isReport(path))];
    }),
  );
  const code = { ...Object.fromEntries(own), node: process.versions.node };
  if (training.by === 'gradientBoosting') return digestOf(code);
  if (training.by === 'importedOnnx')
    return digestOf({ ...code, model: sha256((await importOnnx(training, modelDir)).onnx) });
  return digestOf({ ...code, program: await digestFiles(modelDir, (path) => !isAside(path)) });
}
