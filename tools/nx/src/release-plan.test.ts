import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFakeWorkspace } from './fake-workspace.ts';
import { planRelease } from './release-plan.ts';

const workspace = createFakeWorkspace();
afterAll(workspace.remove);

beforeAll(() => {
  const dependencies = { '@repo/features': '*', express: '5.0.0' };
  const devDependencies = { '@repo/gates': '*' };
  const manifest = { name: '@repo/inference', dependencies, devDependencies };
  workspace.append('apps/inference/package.json', JSON.stringify(manifest));
  for (const name of ['demand', 'other']) workspace.append(`models/${name}/champion.json`, '{"version":1}');
});

/** The plan for a commit that changes files. */
function planFor(...paths: string[]) {
  const base = workspace.commit();
  for (const path of paths) workspace.append(path, ' \n');
  workspace.commit();
  return planRelease(workspace.root, base);
}

test.each([
  ['one champion', ['models/demand/champion.json'], ['demand']],
  ['both champions', ['models/demand/champion.json', 'models/other/champion.json'], ['demand', 'other']],
  ['an experiment', ['models/other/experiment.json'], ['other']],
  ['a release that nobody pins', ['models/demand/release/2/model.onnx'], []],
  ['a definition, which the next deployment takes along', ['models/demand/model.ts'], []],
  ['words', ['README.md', 'libs/features/README.md'], []],
  ['tests of what is in the image', ['libs/features/src/features.test.ts', 'apps/inference/src/fixtures/a.ts'], []],
  ['code of training', ['libs/gates/src/gates.ts'], []],
])('%s: released is what changed, with the image that runs', (_, paths, models) => {
  expect(planFor(...paths)).toEqual({ models, image: false });
});

test.each([
  'apps/inference/src/main.ts',
  'apps/inference/Dockerfile',
  'libs/contract/src/contract.ts',
  'package-lock.json',
  '.node-version',
  'tools/image/src/stage-image.ts',
])('%s is in the image or makes it: a new one, and all models', (path) => {
  expect(planFor(path)).toEqual({ models: ['demand', 'other'], image: true });
});

test.each(['0'.repeat(40), 'f'.repeat(40), '', '--output=x'])('since %j everything is released', (base) => {
  expect(planRelease(workspace.root, base)).toEqual({ models: ['demand', 'other'], image: true });
});

test('a model without a champion has nothing to release', () => {
  const base = workspace.commit();
  workspace.append('models/third/model.ts', 'export default 1;\n');
  workspace.append('libs/contract/src/contract.ts', ' \n');
  workspace.commit();
  expect(planRelease(workspace.root, base)).toEqual({ models: ['demand', 'other'], image: true });
});
