import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const upward: Record<string, string> = {
  'libs/stats/src/auc.ts': '@repo/datasets/ingest',
  'libs/datasets/src/ingest.ts': '@repo/training/train',
  'libs/training/src/train.ts': '@repo/pipeline/main',
  'libs/serving/src/session.ts': 'express',
  'features/rides/rides.ts': '@repo/datasets/ingest',
  'models/demand/model.ts': '@repo/training/train',
  'apps/inference/src/main.ts': '@repo/pipeline/main',
};
const downward: Record<string, string> = {
  'libs/stats/src/loss.ts': '@repo/contract/source',
  'libs/training/src/fit.ts': '@repo/datasets/ingest',
  'models/demand/views.ts': '@repo/contract/view',
  'apps/inference/src/app.ts': 'express',
};

/** Files with an import that `biome lint` refuses under the workspace's configuration. */
function refused(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'biome-'));
  try {
    cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    execFileSync('git', ['init', '-q'], { cwd: folder });
    writeFileSync(join(folder, '.gitignore'), 'node_modules/\n');
    for (const [path, specifier] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `import { thing } from '${specifier}';\nexport const other = thing;\n`);
    }
    const args = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '.'];
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/biome'), args, { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { location: { path: string } }[] };
    return diagnostics.map(({ location }) => location.path).sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('Biome refuses imports that point up the layers, and only these', () => {
  expect(refused({ ...upward, ...downward })).toEqual(Object.keys(upward).sort());
});
