import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@repo/contract/canonical-json';

/** Packages whose code decides the bytes of a model trained here. */
const packages = ['@repo/onnx', '@repo/stats', '@repo/training'];

/** Modules that a source names: what it imports, and the programs of its threads. */
const named = /\b(?:from|import)\s*\(?\s*'([^'\n]+)'|\bnew URL\('([^'\n]+\.ts)'/g;

/** Charts and pages do not end up in a bundle. */
const isReport = (path: string) => path.includes('/report/');

function resolveModule(specifier: string, from: string): string | null {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const isOurs = packages.some((name) => specifier.startsWith(`${name}/`));
  return isOurs ? fileURLToPath(import.meta.resolve(specifier)) : null;
}

/**
 * SHA-256 of every source that the train stage reaches in the packages that train, by `<package>/<path>`. What stands in these packages for
 * others to use is no part of it, so that a statistic more makes no other model.
 */
export async function trainerCode(): Promise<Record<string, string>> {
  const folders = packages.map((name) => [name, dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)))]);
  const nameOf = (path: string) => {
    const [name, folder] = folders.find(([, dir]) => path.startsWith(join(dir as string, '/'))) as [string, string];
    return `${name}/${relative(folder, path)}`;
  };
  const code: Record<string, string> = {};
  const open = [fileURLToPath(new URL('./train-stage.ts', import.meta.url))];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (code[nameOf(path)] !== undefined || isReport(path)) continue;
    const text = await readFile(path, 'utf8');
    code[nameOf(path)] = sha256(text);
    for (const [, imported, thread] of text.matchAll(named)) {
      const found = resolveModule((imported ?? thread) as string, path);
      if (found !== null) open.push(found);
    }
  }
  return code;
}
