import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const scope = '@repo/';

/** Names, without scope, of libraries and of all libraries that they depend on, sorted. A missing library is left out. */
export function packageClosure(workspaceRoot: string, names: readonly string[]): string[] {
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    const manifest = readManifest(join(workspaceRoot, 'libs', name, 'package.json'));
    if (manifest === null) continue;
    found.add(name);
    const below = Object.keys(manifest.dependencies ?? {}).filter((dependency) => dependency.startsWith(scope));
    open.push(...below.map((dependency) => dependency.slice(scope.length)));
  }
  return [...found].sort();
}

function readManifest(path: string): { dependencies?: Record<string, string> } | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { dependencies?: Record<string, string> };
  } catch {
    return null;
  }
}
