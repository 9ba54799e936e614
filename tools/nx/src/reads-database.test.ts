import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { featureProject } from './feature-project.ts';
import { modelProject } from './model-project.ts';

function createWorkspace(raw: string): string {
  const root = mkdtempSync(join(tmpdir(), 'reads-database-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['features/rides', 'models/demand']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'features/rides/rides.ts'), `export const rides = { raw: ${raw} };\n`);
  writeFileSync(join(root, 'models/demand/model.ts'), `import { rides } from '../../features/rides/rides.ts';\n`);
  return root;
}

const cachedOf = (root: string): unknown[] => {
  const { targets = {} } = modelProject(root, 'demand');
  const ingest = featureProject(root, 'rides', ['features/rides/rides.ts']).targets?.ingest;
  return [ingest, targets.validate, targets.features, targets.train, targets.gate].map((target) => target?.cache);
};

test('what is made from files is cached, and nothing that is made from a table of a database', () => {
  expect(cachedOf(createWorkspace("new URL('rides.csv', import.meta.url)"))).toEqual(Array(5).fill(true));
  expect(cachedOf(createWorkspace("sqlTable({ database: 'sqlite', from: 'RIDES', table: 'rides' })"))).toEqual(
    Array(5).fill(false),
  );
});
