import { existsSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { createFakeWorkspace } from './fake-workspace.ts';
import { planSince } from './plan.ts';

const workspace = createFakeWorkspace();
afterAll(workspace.remove);
workspace.append('apps/inference/package.json', JSON.stringify({ name: '@repo/inference', version: '0.0.0' }));

/** The plan for a commit that changes one file. */
function planFor(path: string, text = '// touched\n') {
  const base = workspace.commit();
  workspace.append(path, text);
  workspace.commit();
  return planSince(workspace.root, base);
}

test('a plan holds the models and programs that a change reaches: by their own files, the catalogue and the code that trains', {
  timeout: 120_000,
}, () => {
  expect(planFor('README.md', 'Words.\n'), 'words').toEqual({
    projects: [],
    models: [],
    programs: [],
    suites: [],
  });
  expect(planFor('features/tides/tides.ts').models, 'a source').toEqual(['other']);
  expect(planFor('libs/onnx/src/onnx.ts').models, 'a library of a stage').toEqual(['demand', 'other']);
  expect(planFor('libs/onnx/README.md', 'Words.\n').models, 'words beside code').toEqual([]);
  const broken = planFor('models/demand/model.ts', 'export {{{');
  expect(broken.models, 'a definition that does not parse').toEqual(['demand']);
  expect(broken.programs, 'the program that declares something for every model').toEqual(['serving']);
  expect(broken.suites, 'the image, which holds its champion').toEqual(['image']);
  const configured = planFor('infra/storage/Pulumi.prod.yaml', 'config: {}\n');
  expect(configured.programs, 'configuration').toEqual(['storage']);
  expect(configured.suites, 'what is stood up').toEqual(['infra']);
  expect(planFor('apps/inference/src/inference.ts').suites, 'the service').toEqual(['image', 'infra']);
});

test.each([
  ['a first push', '0'.repeat(40)],
  ['a commit that is gone', 'f'.repeat(40)],
])('after %s everything is planned', (_, base) => {
  workspace.commit();
  const { projects, models, suites } = planSince(workspace.root, base);
  expect(models).toEqual(['demand', 'other']);
  expect(suites).toEqual(['image', 'infra']);
  for (const suite of suites)
    expect(existsSync(new URL(`../../../test/e2e/${suite}.e2e.ts`, import.meta.url)), suite).toBe(true);
  expect(projects).toContain('@repo/contract');
});
