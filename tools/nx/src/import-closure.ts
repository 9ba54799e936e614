import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Specifiers after `from`, `import` or `import(`. Broken code still yields those that stand in it. */
const specifier = /\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/** Module specifiers that a source text names, in order, each once. Reads text only: nothing is parsed or evaluated. */
export function importedSpecifiers(text: string): string[] {
  return [...new Set([...text.matchAll(specifier)].map((match) => match[2] as string))];
}

/**
 * Workspace-relative paths of a file and of everything it reaches by relative imports, sorted.
 * Found by reading text, so that a syntax error costs nothing here and shows only when the file is run.
 * A file that does not exist is left out.
 */
export function importClosure(workspaceRoot: string, entry: string): string[] {
  const found = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const path = join(workspaceRoot, file);
    if (found.has(file) || !existsSync(path)) continue;
    found.add(file);
    for (const name of importedSpecifiers(readFileSync(path, 'utf8'))) {
      if (name.startsWith('.')) open.push(relative(workspaceRoot, join(dirname(path), name)));
    }
  }
  return [...found].sort();
}
