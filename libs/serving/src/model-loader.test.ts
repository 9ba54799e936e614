import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commitExample, exampleContract, exampleModel } from './fixtures/example-bundle.ts';
import { createExampleLoader, type ExampleLoaderOptions } from './fixtures/example-loader.ts';
import { createReleaseFolder, releaseInGit, releaseInRegistry } from './fixtures/example-releases.ts';

async function folder() {
  const space = await createReleaseFolder();
  onTestFinished(() => space.remove());
  return space;
}

async function prepare(dir: string, options: ExampleLoaderOptions = {}) {
  const example = await createExampleLoader(dir, options);
  onTestFinished(() => example.release());
  return example;
}

async function start(dir: string, options: ExampleLoaderOptions = {}) {
  const example = await prepare(dir, options);
  await example.loader.start();
  return example;
}

const plainModel = exampleModel(exampleContract('plain'));

async function addPlain(dir: string, name: string, version: number, onnx: Uint8Array | string = plainModel) {
  const repositoryDir = join(dir, 'repository');
  await mkdir(join(repositoryDir, name, String(version)), { recursive: true });
  await writeFile(join(repositoryDir, name, String(version), 'model.onnx'), onnx);
  return { repositoryDir };
}

test('committed champions and champions of the registry are served, other folders are not', async () => {
  const { dir, modelsDir } = await folder();
  await commitExample(modelsDir, 'committed');
  await mkdir(join(modelsDir, 'untrained'));
  const { table, loader, registry, events } = await prepare(dir);
  await releaseInRegistry(dir, registry, 'registered');
  await loader.start();
  expect(table.entries().map(({ name, version, state }) => [name, version, state])).toEqual([
    ['committed', '1', 'ready'],
    ['registered', '1', 'ready'],
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(['opened', 'opened']);
  expect(table.find('committed', '1').name).toBe('committed');
  expect(await registry.getAlias('committed', 'champion')).toBe(1);
});

test('a damaged champion is failed with its reason and the others are ready', async () => {
  const { dir, modelsDir } = await folder();
  await commitExample(modelsDir, 'damaged');
  await commitExample(modelsDir, 'sound');
  await appendFile(join(modelsDir, 'damaged', 'release', '1', 'model.onnx'), 'x');
  const { table, events } = await start(dir);
  expect(events[0]).toMatchObject({
    kind: 'failed',
    name: 'damaged',
    version: '1',
    serves: null,
    reason: expect.stringContaining('model.onnx'),
  });
  expect(table.find('sound').name).toBe('sound');
  expect(() => table.find('damaged')).toThrow(expect.objectContaining({ code: 'model_not_ready' }));
});

test('a copy of the registry that was damaged later is found when it is opened', async () => {
  const { dir } = await folder();
  const { table, loader, registry } = await prepare(dir);
  await releaseInRegistry(dir, registry, 'example');
  const copy = await registry.openBundle('example', 1);
  await rm(join(copy.dir, 'model.onnx'));
  await writeFile(join(copy.dir, 'model.onnx'), 'other bytes');
  await loader.start();
  const reason = expect.stringMatching(/model\.onnx.*sha256/);
  expect(table.entry('example')).toMatchObject({ state: 'failed', reason });
});

test('a bundle whose contract names another model is refused', async () => {
  const { dir, modelsDir } = await folder();
  await commitExample(modelsDir, 'example', { contract: exampleContract('other') });
  const { table } = await start(dir);
  const reason = expect.stringContaining('contract.json.model: received other; allowed: example');
  expect(table.entry('example')).toMatchObject({ state: 'failed', reason });
});

test('models are looked up, then listed as loading, then opened', async () => {
  const { dir, modelsDir } = await folder();
  await commitExample(modelsDir, 'example');
  const { table, loader } = await prepare(dir);
  const loading = loader.start();
  expect(loader.listing()).toBe(true);
  while (loader.listing()) await new Promise(setImmediate);
  expect(table.entry('example')).toEqual({ state: 'loading', name: 'example', version: '1', isDefault: true });
  expect(() => table.find('example')).toThrow(/model example: received loading/);
  await loading;
  expect(table.find('example').name).toBe('example');
});

test('a folder of plain models serves every version of each, the highest unless told', async () => {
  const { dir } = await folder();
  await addPlain(dir, 'Plain_1', 2);
  await addPlain(dir, 'Plain_1', 10);
  await mkdir(join(dir, 'repository', 'Plain_1', 'notes'));
  await writeFile(join(dir, 'repository', 'Plain_1', 'config.pbtxt'), 'max_batch_size: 8');
  const { repositoryDir } = await addPlain(dir, 'broken', 1, 'no model');
  await mkdir(join(repositoryDir, 'empty'));
  const { table, warnings } = await start(dir, { repositoryDir });
  expect(table.find('Plain_1')).toMatchObject({ version: '10', contract: null, bundle: null });
  expect(table.find('Plain_1', '2').version).toBe('2');
  expect(table.entries().map(({ name, version, isDefault, state }) => [name, version, isDefault, state])).toEqual([
    ['Plain_1', '10', true, 'ready'],
    ['Plain_1', '2', false, 'ready'],
    ['broken', '1', true, 'failed'],
  ]);
  expect(() => table.find('Plain_1', '3')).toThrow(/received "3"; allowed: 10, 2;/);
  expect(warnings.join('\n')).toMatch(/empty: no version in it/);
  expect(warnings.join('\n')).toMatch(/config\.pbtxt: ignored/);
});

test('a damaged version of a plain model leaves its other versions answering', async () => {
  const { dir } = await folder();
  const { repositoryDir } = await addPlain(dir, 'plain', 1);
  await addPlain(dir, 'plain', 2, 'no model');
  const { table } = await start(dir, { repositoryDir });
  expect(() => table.find('plain')).toThrow(expect.objectContaining({ code: 'model_not_ready' }));
  expect(table.find('plain', '1').version).toBe('1');
});

test('another version of a plain model is served once it is loaded, and bytes that changed are opened again', async () => {
  const { dir } = await folder();
  const { repositoryDir } = await addPlain(dir, 'plain', 1);
  const { table, loader, events } = await start(dir, { repositoryDir });
  const first = table.find('plain', '1');
  await addPlain(dir, 'plain', 2);
  expect((await loader.load('plain')).version).toBe('2');
  expect(table.find('plain', '1')).toBe(first);
  await addPlain(dir, 'plain', 1, exampleModel(exampleContract('plain'), [1, 2, 3, 4, 5]));
  await loader.load('plain');
  expect(table.find('plain', '1').digest).not.toBe(first.digest);
  expect(events.map(({ kind }) => kind)).toEqual(['opened', 'opened', 'swapped', 'opened']);
});

test('a name that is both a bundle and a plain model is refused before anything is served', async () => {
  const { dir, modelsDir } = await folder();
  await commitExample(modelsDir, 'example');
  const options = await addPlain(dir, 'example', 1);
  await expect(createExampleLoader(dir, options)).rejects.toThrow(
    /^MODEL_REPOSITORY: received "example", which is a folder of MODELS_DIR too; .*rename/,
  );
});

test('folders that are not there and a state that cannot be written are errors about them', async () => {
  const { dir, modelsDir } = await folder();
  const nowhere = { repositoryDir: join(dir, 'nowhere') };
  await expect(createExampleLoader(dir, nowhere)).rejects.toThrow(/^MODEL_REPOSITORY: received .*ENOENT/);
  await rm(modelsDir, { recursive: true });
  await expect(createExampleLoader(dir)).rejects.toThrow(/^MODELS_DIR: received .*ENOENT/);
  await rm(join(dir, 'state'), { recursive: true });
  await writeFile(join(dir, 'state'), 'a file where a folder belongs');
  await expect(createExampleLoader(dir)).rejects.toThrow(/^CAUSEWAY_STATE: received .*state.*; allowed/);
});

test('another champion of the registry is swapped in, and the old one is closed when nobody holds it', async () => {
  const { dir } = await folder();
  const { table, loader, registry, events } = await prepare(dir);
  await releaseInRegistry(dir, registry, 'example');
  await loader.start();
  const hold = table.hold('example');
  await releaseInRegistry(dir, registry, 'example');
  await loader.refresh();
  expect(table.find('example').version).toBe('2');
  expect(events.at(-1)).toEqual({ kind: 'swapped', name: 'example', from: '1', to: '2' });
  expect(() => table.find('example', '1')).toThrow(/received "1"; allowed: 2;/);
  const { inputs, outputs } = hold.model;
  const tensor = {
    ...inputs[0],
    name: 'features',
    datatype: 'FP32',
    shape: [1, 5],
    data: new Float32Array(5),
  } as const;
  const job = { inputs: [tensor], outputs: [outputs[0]?.name as string], deadlineMs: performance.now() + 30_000 };
  expect((await hold.model.run(job)).outputs).toHaveLength(1);
  hold.release();
  hold.release();
  await expect(hold.model.run(job)).rejects.toMatchObject({ code: 'model_not_ready' });
});

test('champion.json wins over the registry, and its change is a swap', async () => {
  const { dir } = await folder();
  await releaseInGit(dir, 'example', 1);
  const { table, loader, registry } = await start(dir);
  await releaseInGit(dir, 'example', 2);
  await loader.refresh();
  expect(table.find('example').version).toBe('2');
  expect(await registry.getAlias('example', 'champion')).toBe(2);
  await registry.setAlias('example', 'champion', 1, 2);
  await loader.refresh();
  expect(table.find('example').version).toBe('2');
});

test('a champion that fails keeps the old one serving, is told once, and is refused to whoever loads it', async () => {
  const { dir, modelsDir } = await folder();
  await releaseInGit(dir, 'example', 1);
  const { table, loader, events } = await start(dir);
  await releaseInGit(dir, 'example', 2);
  const onnx = join(modelsDir, 'example', 'release', '2', 'model.onnx');
  await appendFile(onnx, 'x');
  await loader.refresh();
  await loader.refresh();
  expect(table.entries()).toMatchObject([{ version: '1', state: 'ready', isDefault: true }]);
  expect(events.filter(({ kind }) => kind !== 'opened')).toMatchObject([
    { kind: 'failed', version: '2', serves: '1', reason: expect.stringContaining('model.onnx') },
  ]);
  await expect(loader.load('example')).rejects.toMatchObject({ code: 'load_failed' });
  expect(table.find('example').version).toBe('1');
  await releaseInGit(dir, 'example', 2);
  await loader.refresh();
  expect(table.find('example').version).toBe('2');
});

test('loads of one model at once open it once, and another load changes nothing', async () => {
  const { dir } = await folder();
  const { table, loader, registry, events } = await prepare(dir);
  await releaseInRegistry(dir, registry, 'example');
  const both = await Promise.all([loader.load('example'), loader.refresh().then(() => loader.load('example'))]);
  expect(both[0]).toBe(both[1]);
  expect(table.find('example')).toBe(both[0]);
  expect(events.map(({ kind }) => kind)).toEqual(['opened']);
});

test('a model that was unloaded stays away until it is loaded, and an unknown one cannot be loaded', async () => {
  const { dir } = await folder();
  await releaseInGit(dir, 'example', 1);
  const { table, loader } = await start(dir);
  await loader.unload('example');
  await loader.refresh();
  expect(table.entries()).toEqual([]);
  await expect(loader.unload('example')).rejects.toMatchObject({ code: 'unknown_model' });
  await expect(loader.load('nowhere')).rejects.toMatchObject({ code: 'unknown_model' });
  await loader.load('example');
  expect(table.find('example').version).toBe('1');
});

test('the champion before is kept warm where the chain lists it, and only there', async () => {
  const { dir } = await folder();
  const { table, loader, registry } = await prepare(dir);
  await releaseInRegistry(dir, registry, 'chained');
  await releaseInRegistry(dir, registry, 'alone');
  await loader.start();
  const first = table.find('chained');
  await releaseInRegistry(dir, registry, 'chained', ['previous']);
  await releaseInRegistry(dir, registry, 'alone');
  await loader.refresh();
  const hold = table.hold('chained');
  expect([hold.model.version, hold.previous]).toEqual(['2', first]);
  expect(table.find('chained', '1')).toBe(first);
  expect(table.hold('chained', '1').previous).toBeNull();
  expect(table.hold('alone').previous).toBeNull();
  expect(table.versions('alone')).toEqual(['2']);
});

test('where the champion is damaged at start, the version before is open to stand in for it', async () => {
  const { dir } = await folder();
  const { table, loader, registry } = await prepare(dir);
  await releaseInRegistry(dir, registry, 'example', ['previous']);
  await releaseInRegistry(dir, registry, 'example', ['previous']);
  const { dir: copy } = await registry.openBundle('example', 2);
  await appendFile(join(copy, 'golden.json'), ' ');
  await loader.start();
  expect(table.entry('example')).toMatchObject({ version: '2', state: 'failed' });
  expect(table.hold('example', table.lineup('example')?.previous as string).model.version).toBe('1');
});

test('nothing is loaded after the loader is closed', async () => {
  const { dir, modelsDir } = await folder();
  await commitExample(modelsDir, 'example');
  const { table, loader } = await prepare(dir);
  await Promise.all([loader.close(), loader.start()]);
  expect(table.entry('example').state).toBe('loading');
  await expect(loader.load('example')).rejects.toMatchObject({ code: 'not_ready' });
});
