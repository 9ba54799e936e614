import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A value that must be of a type, and what it is called in messages. */
export interface Literal {
  readonly where: string;
  readonly type: string;
  readonly value: unknown;
}

// One file and its types: threads cost more than they save.
const flags = [
  ...['--noEmit', '--ignoreConfig', '--skipLibCheck', '--strict', '--module', 'nodenext', '--pretty', 'false'],
  '--singleThreaded',
];

/**
 * What TypeScript says against values that are written down as literals of the given types, a line each: fields that do not exist above all.
 * `head` is one line of TypeScript that imports or declares the types. One run of the compiler for all of them; it finds the packages
 * of `root`.
 */
export function literalProblems(root: string, head: string, literals: readonly Literal[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'literals-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    // A literal takes one line, so that the number of a line tells which it is.
    const lines = literals.map(({ type, value }, i) => `const l${i}: ${type} = ${JSON.stringify(value)};`);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'literals.ts'), `${head}\n${lines.join('\n')}\nexport {};\n`);
    const tsc = join(root, 'node_modules/.bin/tsc');
    const run = spawnSync(tsc, [...flags, 'literals.ts'], { cwd: folder, encoding: 'utf8', timeout: 120_000 });
    if (run.status === null) throw new Error(`tsc did not end: ${run.error?.message}`);
    const found = [...run.stdout.matchAll(/^literals\.ts\((\d+),\d+\): error \w+: (.+)$/gm)];
    const problems = found.map(([, line, message]) => `${literals[Number(line) - 2]?.where}: ${message}`);
    return run.status === 0 || problems.length > 0 ? problems : [run.stdout + run.stderr];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
