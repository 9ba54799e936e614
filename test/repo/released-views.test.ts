import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { modelContractSchema } from '@repo/contract/model-contract';
import type { View } from '@repo/contract/view';
import { expect, test } from 'vitest';
import { changedViews, type NamedView } from './released-views.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const named = ({ spec, digest }: Pick<View, 'spec' | 'digest'>): NamedView => ({
  name: spec.name,
  version: spec.version,
  digest,
});

test('committed releases pin views that are still defined as they were', async () => {
  const problems: string[] = [];
  for (const release of globSync('models/*/release/*/contract.json', { cwd: root })) {
    const contract = modelContractSchema.parse(JSON.parse(readFileSync(join(root, release), 'utf8')));
    const path = join(root, 'models', contract.model, 'model.ts');
    const { default: model } = (await import(pathToFileURL(path).href)) as { default: { features: View[] } };
    problems.push(...changedViews(release, contract.views.map(named), model.features.map(named)));
  }
  expect(problems).toEqual([]);
});

const released = [
  { name: 'weather', version: 1, digest: 'sha256:a' },
  { name: 'plane', version: 2, digest: 'sha256:b' },
];

test('a view changed under the same version is named, and only it', () => {
  const current = [{ name: 'weather', version: 1, digest: 'sha256:changed' }, ...released.slice(1)];
  expect(changedViews('models/demand/release/1/contract.json', released, current)).toEqual([
    'models/demand/release/1/contract.json: view weather@1 has changed since; give it version 2 or undo the change',
  ]);
});

test('a changed view under a new version is no breach', () => {
  expect(changedViews('release', released, [{ name: 'weather', version: 2, digest: 'sha256:changed' }])).toEqual([]);
});
