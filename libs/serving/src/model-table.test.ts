import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistry } from '@repo/registry/registry';
import { expect, onTestFinished, test } from 'vitest';
import { findChampions } from './champions.ts';
import { commitExample, writeExampleBundle } from './fixtures/example-bundle.ts';
import { createModelTable, type ModelEntry } from './model-table.ts';

async function workspace() {
  const dir = await mkdtemp(join(tmpdir(), 'causeway-serving-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const modelsDir = join(dir, 'models');
  await mkdir(modelsDir);
  return { dir, modelsDir, registry: createRegistry('file:state', dir) };
}

async function load({ registry, modelsDir }: Awaited<ReturnType<typeof workspace>>) {
  const table = createModelTable(registry);
  const settled: ModelEntry[] = [];
  await table.load(await findChampions(registry, modelsDir), (entry) => settled.push(entry));
  onTestFinished(() => table.release());
  return { table, settled };
}

test('committed champions and champions of the registry are served, other folders are not', async () => {
  const space = await workspace();
  await commitExample(space.modelsDir, 'committed');
  await mkdir(join(space.modelsDir, 'registered'));
  await mkdir(join(space.modelsDir, 'untrained'));
  await writeExampleBundle(join(space.dir, 'bundle'), 'registered');
  await space.registry.register('registered', join(space.dir, 'bundle'));
  await space.registry.setAlias('registered', 'champion', 1, null);
  const { table, settled } = await load(space);
  expect(settled.map(({ name, state }) => [name, state])).toEqual([
    ['committed', 'ready'],
    ['registered', 'ready'],
  ]);
  expect(table.find('registered').version).toBe('1');
  expect(table.find('committed', '1').name).toBe('committed');
  expect(await space.registry.getAlias('committed', 'champion')).toBe(1);
});

test('a damaged champion is failed with its reason and the others are ready', async () => {
  const space = await workspace();
  await commitExample(space.modelsDir, 'damaged');
  await commitExample(space.modelsDir, 'sound');
  await appendFile(join(space.modelsDir, 'damaged', 'release', '1', 'model.onnx'), 'x');
  const { table, settled } = await load(space);
  expect(settled[0]).toMatchObject({ name: 'damaged', state: 'failed', reason: expect.stringContaining('model.onnx') });
  expect(table.find('sound').name).toBe('sound');
  expect(() => table.find('damaged')).toThrow(expect.objectContaining({ code: 'model_not_ready' }));
});

test('a copy in the registry that was damaged later is found when it is opened', async () => {
  const space = await workspace();
  await commitExample(space.modelsDir, 'example');
  const champions = await findChampions(space.registry, space.modelsDir);
  const { dir } = await space.registry.openBundle('example', 1);
  await rm(join(dir, 'model.onnx'));
  await writeFile(join(dir, 'model.onnx'), 'other bytes');
  const table = createModelTable(space.registry);
  await table.load(champions, () => {});
  expect(table.entry('example')).toMatchObject({
    state: 'failed',
    reason: expect.stringMatching(/model\.onnx.*sha256/),
  });
});

test('models are listed as loading before they are opened', async () => {
  const space = await workspace();
  await commitExample(space.modelsDir, 'example');
  const table = createModelTable(space.registry);
  const loading = table.load(await findChampions(space.registry, space.modelsDir), () => {});
  expect(table.entry('example')).toEqual({ state: 'loading', name: 'example', version: '1' });
  expect(() => table.find('example')).toThrow(/model example: received loading/);
  await loading;
  expect(table.find('example').name).toBe('example');
  await table.release();
});

test('an unknown name or version is answered with what there is', async () => {
  const space = await workspace();
  await commitExample(space.modelsDir, 'example');
  const { table } = await load(space);
  expect(() => table.find('exmaple')).toThrow(/received "exmaple"; allowed: example;/);
  expect(() => table.find('example', '2')).toThrow(
    expect.objectContaining({ code: 'unknown_version', message: expect.stringContaining('received "2"; allowed: 1;') }),
  );
});

test('a state folder that cannot be written is an error about the state, not about a model', async () => {
  const space = await workspace();
  await commitExample(space.modelsDir, 'example');
  await writeFile(join(space.dir, 'state'), 'a file where a folder belongs');
  await expect(findChampions(space.registry, space.modelsDir)).rejects.toThrow(/^CAUSEWAY_STATE: received/);
});

test('a folder of models that is not there is an error about it', async () => {
  const { registry, dir } = await workspace();
  await expect(findChampions(registry, join(dir, 'nowhere'))).rejects.toThrow(/^MODELS_DIR: received .*ENOENT/);
});
