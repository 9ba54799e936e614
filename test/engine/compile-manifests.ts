import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from './manifest.ts';

/** `apps/v1` is `apps.v1` in the types of the provider, `rbac.authorization.k8s.io/v1` `rbac.v1`. */
const typeOf = ({ api, kind }: Manifest): string => {
  const [group = '', version = ''] = api.split('/');
  return `types.input.${group.replace(/\..*$/, '')}.${version}.${kind}`;
};

/**
 * What TypeScript says against manifests that are written down as literals of the provider's own types, a line each: fields that do not exist
 * above all, which no schema of Kubernetes refuses. One run of the compiler for all of them.
 */
export function typeProblems(root: string, manifests: readonly Manifest[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    // A manifest takes one line, so that the number of a line tells which it is.
    const lines = manifests.map((one, i) => `const m${i}: ${typeOf(one)} = ${JSON.stringify(one.object)};`);
    const text = `import type * as types from '@pulumi/kubernetes/types/index.js';\n${lines.join('\n')}\nexport {};\n`;
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'manifests.ts'), text);
    const flags = [
      '--noEmit',
      '--ignoreConfig',
      '--skipLibCheck',
      '--strict',
      '--module',
      'nodenext',
      '--pretty',
      'false',
      // One file and its types: threads cost more than they save.
      '--singleThreaded',
    ];
    const tsc = join(root, 'node_modules/.bin/tsc');
    const run = spawnSync(tsc, [...flags, 'manifests.ts'], { cwd: folder, encoding: 'utf8', timeout: 120_000 });
    if (run.status === null) throw new Error(`tsc did not end: ${run.error?.message}`);
    const found = [...run.stdout.matchAll(/^manifests\.ts\((\d+),\d+\): error \w+: (.+)$/gm)];
    const problems = found.map(([, line, message]) => `${manifests[Number(line) - 2]?.where}: ${message}`);
    return run.status === 0 || problems.length > 0 ? problems : [run.stdout + run.stderr];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
