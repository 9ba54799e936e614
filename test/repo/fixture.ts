import { readFileSync } from 'node:fs';
import type { Workspace } from './workspace.ts';

/**
 * Files of a text archive: each `-- path --` line starts a file and what follows is its text.
 * Fixtures are kept so, because as loose files they would break the rules of the workspace that they lie in.
 */
function unpack(archive: string): Record<string, string> {
  const parts = archive.split(/^-- (.+) --\n/m).slice(1);
  const files: Record<string, string> = {};
  for (let i = 0; i < parts.length; i += 2) files[parts[i] as string] = parts[i + 1] as string;
  return files;
}

/** The archive `fixtures/<name>.txt`. */
export function readFixture(name: string): Record<string, string> {
  return unpack(readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8'));
}

/** A workspace held in memory. */
export function workspaceOf(files: Record<string, string>): Workspace {
  return {
    files: Object.keys(files).sort(),
    text: (path) => files[path] as string,
    verbs: ['ingest', 'validate', 'features', 'train', 'gate'],
    machineFolders: ['/srv/causeway'],
  };
}
