import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { postgresFolders } from './postgres-folders.ts';

/** An end-to-end suite: a file `<name>.e2e.ts` whose first line is `// budget: 300 s` and whose second may be `// needs: git, python3`. */
export interface Suite {
  name: string;
  file: string;
  /** Longest time it may run, in seconds, before it is ended and has failed. */
  budgetS: number;
  /**
   * What it needs and this machine lacks: programs, `python3:numpy` for a Python module, `$KUBECONFIG` for a variable of the environment,
   * `buildah|docker` for either.
   */
  missing: string[];
}

const isThere = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function isAvailable(need: string): boolean {
  if (need.includes('|')) return need.split('|').some(isAvailable);
  if (need.startsWith('$')) return Boolean(process.env[need.slice(1)]);
  const [program = '', module] = need.split(':');
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...postgresFolders()];
  if (!folders.some((folder) => isThere(join(folder, program)))) return false;
  return module === undefined || spawnSync(program, ['-c', `import ${module}`]).status === 0;
}

/** Reads the first lines of a suite's text. Throws RangeError when it has no budget. */
export function readHeader(name: string, text: string): { budgetS: number; needs: string[] } {
  const [first = '', second = ''] = text.split('\n');
  const budget = /^\/\/ budget: (\d+) s$/.exec(first)?.[1];
  if (budget === undefined) {
    throw new RangeError(
      `${name}: first line received "${first}"; allowed: "// budget: 300 s"; write the seconds it may take`,
    );
  }
  const needs = /^\/\/ needs: (.+)$/.exec(second)?.[1]?.split(', ') ?? [];
  return { budgetS: Number(budget), needs };
}

/** The suites of a folder, by name. */
export function suitesIn(folder: string): Suite[] {
  return readdirSync(folder)
    .filter((entry) => entry.endsWith('.e2e.ts'))
    .sort()
    .map((entry) => {
      const name = entry.slice(0, -'.e2e.ts'.length);
      const file = join(folder, entry);
      const { budgetS, needs } = readHeader(name, readFileSync(file, 'utf8'));
      return { name, file, budgetS, missing: needs.filter((need) => !isAvailable(need)) };
    });
}
