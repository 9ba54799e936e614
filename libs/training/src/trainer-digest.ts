import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { digestOf, sha256 } from '@repo/contract/canonical-json';
import type { Training } from '@repo/contract/training';
import { importOnnx } from './import-onnx.ts';
import { trainerCode } from './trainer-code.ts';

async function digestFiles(folder: string, keep: (path: string) => boolean): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const paths = files.map((file) => relative(folder, file)).filter(keep);
  return Object.fromEntries(
    await Promise.all(paths.sort().map(async (path) => [path, sha256(await readFile(join(folder, path)))])),
  );
}

/** What lies in a model's folder without being part of its trainer. */
const isAside = (path: string) =>
  /^(release|samples)\/|^((champion|experiment|window)\.json|model\.ts)$|(^|\/)__pycache__\//.test(path);

/**
 * Digest of the code that trains: our own sources (see {@link trainerCode}) and the Node version for gradient boosting, every file of the model's folder but releases and
 * samples for a foreign trainer, the file itself for an import. Equal digest, definition and data give equal bytes.
 * Throws InputError when the file to import is absent or no model.
 */
export async function trainerDigest(training: Training, modelDir: string): Promise<string> {
  const code = { ...(await trainerCode()), node: process.versions.node };
  if (training.by === 'gradientBoosting') return digestOf(code);
  if (training.by === 'importedOnnx')
    return digestOf({ ...code, model: sha256((await importOnnx(training, modelDir)).onnx) });
  return digestOf({ ...code, program: await digestFiles(modelDir, (path) => !isAside(path)) });
}
