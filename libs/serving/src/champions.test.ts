import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRegistry } from '@repo/registry/registry';
import { expect, onTestFinished, test } from 'vitest';
import { createExampleLoader, type ExampleLoaderOptions } from './fixtures/example-loader.ts';
import { createReleaseFolder, releaseInGit, releaseInRegistry } from './fixtures/example-releases.ts';
import { registryThatGoes } from './fixtures/registry-that-goes.ts';

async function folder() {
  const space = await createReleaseFolder();
  onTestFinished(() => space.remove());
  return { ...space, registry: createRegistry('file:state', space.dir) };
}

async function start(dir: string, options: ExampleLoaderOptions = {}) {
  const example = await createExampleLoader(dir, options);
  onTestFinished(() => example.release());
  await example.loader.start();
  return example;
}

const states = ({ table }: Awaited<ReturnType<typeof start>>) =>
  table.entries().map(({ name, version, state }) => `${name} ${version} ${state}`);

test('while the registry is away all goes on and it is told once; when it is back its champion is swapped in', async () => {
  const { dir, registry } = await folder();
  const goes = registryThatGoes(registry);
  await releaseInGit(dir, 'committed', 1);
  await releaseInRegistry(dir, registry, 'registered');
  const example = await start(dir, { registry: goes.registry });
  await releaseInRegistry(dir, registry, 'registered');
  goes.down = true;
  await example.loader.refresh();
  await example.loader.refresh();
  expect(example.away).toEqual(['connect ECONNREFUSED']);
  expect(states(example)).toEqual(['committed 1 ready', 'registered 1 ready']);
  expect(example.events.every(({ kind }) => kind === 'opened')).toBe(true);
  goes.down = false;
  await example.loader.refresh();
  expect(example.away).toEqual(['connect ECONNREFUSED', null]);
  expect(states(example)).toEqual(['committed 1 ready', 'registered 2 ready']);
});

test('a start without the registry serves what git pins and what served last, the version before included', async () => {
  const { dir, registry } = await folder();
  const goes = registryThatGoes(registry);
  await releaseInGit(dir, 'committed', 1);
  await releaseInRegistry(dir, registry, 'registered', ['previous']);
  await releaseInRegistry(dir, registry, 'registered', ['previous']);
  const before = await start(dir, { registry: goes.registry });
  await before.release();
  goes.down = true;
  await releaseInGit(dir, 'new-in-git', 1);
  await releaseInGit(dir, 'committed', 2);
  const after = await start(dir, { registry: goes.registry });
  expect(states(after)).toEqual([
    'committed 2 ready',
    'new-in-git 1 ready',
    'registered 2 ready',
    'registered 1 ready',
  ]);
  expect(after.table.hold('registered').previous?.version).toBe('1');
  goes.down = false;
  await after.loader.refresh();
  expect(await registry.getAlias('new-in-git', 'champion')).toBe(1);
});

test('a model that was never seen fails while the registry is away, and is served once it is back', async () => {
  const { dir, registry } = await folder();
  const goes = registryThatGoes(registry);
  await releaseInRegistry(dir, registry, 'example');
  goes.down = true;
  const example = await start(dir, { registry: goes.registry });
  await example.loader.refresh();
  expect(example.events).toEqual([
    expect.objectContaining({ kind: 'failed', serves: null, reason: expect.stringContaining('ECONNREFUSED') }),
  ]);
  goes.down = false;
  await example.loader.refresh();
  expect(states(example)).toEqual(['example 1 ready']);
});

test('a state folder whose registry has become unreadable still starts from the copies', async () => {
  const { dir, registry } = await folder();
  await releaseInRegistry(dir, registry, 'example');
  await (await start(dir)).release();
  await rename(join(dir, 'state', 'registry', 'models'), join(dir, 'moved'));
  await writeFile(join(dir, 'state', 'registry', 'models'), 'a file where a folder belongs');
  const example = await start(dir);
  expect(states(example)).toEqual(['example 1 ready']);
  expect(example.away).toEqual([expect.stringContaining('CAUSEWAY_STATE')]);
});

test('a registry that has forgotten its champion, as an empty folder in its place has, is told of and not followed', async () => {
  const { dir, registry } = await folder();
  await releaseInRegistry(dir, registry, 'example');
  await (await start(dir)).release();
  await rename(join(dir, 'state', 'registry', 'models'), join(dir, 'moved'));
  const example = await start(dir);
  await example.loader.refresh();
  expect(states(example)).toEqual(['example 1 ready']);
  expect(example.warnings).toEqual([expect.stringContaining('no champion of example any more')]);
});

test('a copy that was damaged is not served from memory', async () => {
  const { dir, registry } = await folder();
  const goes = registryThatGoes(registry);
  await releaseInRegistry(dir, registry, 'example');
  await (await start(dir, { registry: goes.registry })).release();
  const copy = await registry.openBundle('example', 1);
  await appendFile(join(copy.dir, 'model.onnx'), 'x');
  goes.down = true;
  const example = await start(dir, { registry: goes.registry });
  const reason = expect.stringMatching(/model\.onnx.*sha256/);
  expect(example.table.entry('example')).toMatchObject({ state: 'failed', reason });
});

test('a memory of another form is forgotten with a warning and written anew', async () => {
  const { dir, registry } = await folder();
  await releaseInRegistry(dir, registry, 'example');
  await (await start(dir)).release();
  const memory = join(dir, 'state', 'serving', 'champions.json');
  for (const text of [
    '{"models":',
    '{"models":{"example":{"champion":{"version":1}}}}',
    '{"models":{"example":null}}',
  ]) {
    await writeFile(memory, text);
    const example = await createExampleLoader(dir);
    expect(example.warnings).toEqual([expect.stringMatching(/champions\.json: received no memory/)]);
    await example.release();
  }
  await (await start(dir)).release();
  expect((await createExampleLoader(dir)).warnings).toEqual([]);
});

test('a memory that cannot be written is a warning, and the model serves; the next load writes it', async () => {
  const { dir, registry } = await folder();
  await releaseInRegistry(dir, registry, 'example');
  const example = await createExampleLoader(dir);
  onTestFinished(() => example.release());
  await rm(join(dir, 'state', 'serving'), { recursive: true });
  await example.loader.start();
  expect(states(example)).toEqual(['example 1 ready']);
  expect(example.warnings).toEqual([expect.stringContaining('is not remembered')]);
  await mkdir(join(dir, 'state', 'serving'));
  await example.loader.load('example');
  expect(example.warnings).toHaveLength(1);
  expect(await readFile(join(dir, 'state', 'serving', 'champions.json'), 'utf8')).toContain('"example"');
});

test('a model may be called as what every object has', async () => {
  const { dir, registry } = await folder();
  const goes = registryThatGoes(registry);
  await releaseInRegistry(dir, registry, 'constructor');
  goes.down = true;
  expect((await start(dir, { registry: goes.registry })).table.entry('constructor')).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('ECONNREFUSED'),
  });
  goes.down = false;
  await (await start(dir, { registry: goes.registry })).release();
  goes.down = true;
  expect(states(await start(dir, { registry: goes.registry }))).toEqual(['constructor 1 ready']);
});

test('what git pins answers, and not other bytes that are remembered under the same number', async () => {
  const { dir, registry } = await folder();
  const goes = registryThatGoes(registry);
  await releaseInRegistry(dir, registry, 'example', ['previous']);
  await releaseInRegistry(dir, registry, 'example', ['previous']);
  await (await start(dir, { registry: goes.registry })).release();
  goes.down = true;
  await releaseInGit(dir, 'example', 1, ['previous', 'prior']);
  const { table } = await start(dir, { registry: goes.registry });
  const { digest } = JSON.parse(await readFile(join(dir, 'models', 'example', 'champion.json'), 'utf8'));
  expect(table.find('example').digest).toBe(digest);
  expect(table.hold('example').previous).toBeNull();
});

test('a version before that could not be fetched is tried again at later polls, until it stands in', async () => {
  const { dir, registry } = await folder();
  await releaseInRegistry(dir, registry, 'example', ['previous']);
  await releaseInRegistry(dir, registry, 'example', ['previous']);
  let [fetches, gone] = [0, true];
  const openBundle: typeof registry.openBundle = async (name, version) => {
    if (version !== 1) return registry.openBundle(name, version);
    fetches++;
    if (gone) throw new Error('read ECONNRESET');
    return registry.openBundle(name, version);
  };
  const example = await start(dir, { registry: { ...registry, openBundle } });
  expect(states(example)).toEqual(['example 2 ready', 'example 1 failed']);
  expect(example.table.entry('example', '1')).toMatchObject({ failure: 'unavailable' });
  const fetchesAfter = async (polls: number) => {
    for (let i = 0; i < polls; i++) await example.loader.refresh();
    return fetches;
  };
  expect(await fetchesAfter(1), 'at the start and the first poll').toBe(2);
  expect([await fetchesAfter(1), await fetchesAfter(1)], 'then at the second').toEqual([2, 3]);
  gone = false;
  expect([await fetchesAfter(3), await fetchesAfter(1)], 'then at the fourth').toEqual([3, 4]);
  expect(states(example)).toEqual(['example 2 ready', 'example 1 ready']);
  expect(example.table.hold('example').previous?.version).toBe('1');
  expect(await fetchesAfter(20), 'then there is nothing left to try').toBe(4);
  const failures = example.events.filter(({ kind }) => kind === 'failed');
  expect(failures).toEqual([expect.objectContaining({ version: '1', serves: '2' })]);
});

test('a version before that is missed stands in at last also where the champion is damaged for good', async () => {
  const { dir, registry } = await folder();
  await releaseInRegistry(dir, registry, 'example', ['previous']);
  await releaseInRegistry(dir, registry, 'example', ['previous']);
  const { dir: copy } = await registry.openBundle('example', 2);
  await appendFile(join(copy, 'golden.json'), ' ');
  let gone = true;
  const openBundle: typeof registry.openBundle = async (name, version) => {
    if (version === 1 && gone) throw new Error('read ECONNRESET');
    return registry.openBundle(name, version);
  };
  const example = await start(dir, { registry: { ...registry, openBundle } });
  expect(states(example)).toEqual(['example 2 failed', 'example 1 failed']);
  await example.loader.refresh();
  gone = false;
  await example.loader.refresh();
  await example.loader.refresh();
  expect(states(example)).toEqual(['example 2 failed', 'example 1 ready']);
  expect(example.events.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'opened']);
});
