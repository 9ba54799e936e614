import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allPolicies } from '@repo/components/policies/all-policies';
import { judgeDeclared } from '@repo/components/policies/judge-declared';
import { Stack } from '@repo/components/stack';
import { hideSecrets } from '@repo/preview/hide-secrets';
import { readSuppressions } from '@repo/preview/preview-programs';
import { propertiesOf } from '@repo/preview/properties-of';
import { renderAll } from '@repo/preview/render-all';
import { createRenderer } from '@repo/preview/render-program';
import type { Rendered } from '@repo/preview/rendered';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typeProblems } from './compile-manifests.ts';
import { goldenText } from './golden-text.ts';
import { manifestsOf } from './manifest.ts';
import { createSampleWorkspace, sampleModel } from './sample-workspace.ts';
import { manifestProblems, ownKinds } from './validate-manifests.ts';
import { withoutModels } from './without-models.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const foldersIn = (folder: string, file: string): string[] =>
  readdirSync(join(root, folder)).filter((name) => existsSync(join(root, folder, name, file)));
const programs = foldersIn('infra', 'Pulumi.yaml');
const stacks = Object.values(Stack);
const pairs = programs.flatMap((program) => stacks.map((stack) => [program, stack] as const));
const models = foldersIn('models', 'model.ts').filter((name) => name !== sampleModel);

const workspace = createSampleWorkspace();
afterAll(workspace.remove);
const rendered = new Map<string, Rendered>();
/** A program that fails is an error of its own tests, not of all. */
const failed = new Map<string, string>();

beforeAll(async () => {
  for (const one of await renderAll(createRenderer(workspace.root), programs, stacks)) {
    const key = `${one.program}/${one.stack}`;
    if ('problem' in one) failed.set(key, one.problem);
    else rendered.set(key, one);
  }
}, 240_000);

function renderingOf(program: string, stack: string): Rendered {
  const one = rendered.get(`${program}/${stack}`);
  if (one === undefined) throw new Error(failed.get(`${program}/${stack}`));
  return one;
}

describe.each(pairs)('%s on %s', (program, stack) => {
  test('declares what its golden list says', async () => {
    const text = goldenText(hideSecrets(withoutModels(renderingOf(program, stack), models)));
    await expect(text).toMatchFileSnapshot(`golden/${program}.${stack}.golden.txt`);
  });

  test('violates no policy', () => {
    const { resources } = renderingOf(program, stack);
    const today = new Date().toISOString().slice(0, 10);
    const { violations } = judgeDeclared({ program, stack, resources }, readSuppressions(root, program), today);
    expect(violations).toEqual([]);
  });

  test('leaves nothing unknown that a policy would have to look at', () => {
    const unknown = renderingOf(program, stack).resources.flatMap(({ type, name, inputs }) =>
      [...propertiesOf(inputs)]
        .filter(([, value]) => value.includes('[unknown]'))
        .map(([path]) => `${type} ${name} ${path}`),
    );
    expect(unknown).toEqual([]);
  });
});

test('everything that is sent to a Kubernetes API server fits its schema, and has no field that does not exist', async () => {
  const manifests = manifestsOf([...rendered.values()]);
  expect(manifests.length).toBeGreaterThan(0);
  expect(await manifestProblems(manifests)).toEqual([]);
  expect(typeProblems(root, ownKinds(manifests))).toEqual([]);
});

test('there is a golden list for each of them, and none for what is gone', () => {
  const files = readdirSync(join(root, 'test/engine/golden')).sort();
  expect(files).toEqual(pairs.map(([program, stack]) => `${program}.${stack}.golden.txt`).sort());
});

test('how much is declared and looked at', () => {
  const rows = pairs.map(
    ([program, stack]) => `${program} ${stack}: ${rendered.get(`${program}/${stack}`)?.resources.length}`,
  );
  console.log(`resources: ${rows.join(', ')}; policies: ${allPolicies.length}`);
  expect(failed.size).toBe(0);
});
