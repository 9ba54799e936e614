import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { Experiment } from '@repo/contract/experiment';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createExampleLoader, type ExampleLoader } from './fixtures/example-loader.ts';
import { createReleaseFolder, releaseInGit, releaseInRegistry } from './fixtures/example-releases.ts';

let folder: Awaited<ReturnType<typeof createReleaseFolder>>;
beforeEach(async () => {
  folder = await createReleaseFolder();
});
afterEach(() => folder.remove());

const experimentFile = () => join(folder.modelsDir, 'example', 'experiment.json');

/** Writes experiment.json of `example`: the champion against a pinned version. */
async function pin(version: number, digest: string, change: Partial<Experiment> = {}): Promise<void> {
  const experiment: Experiment = {
    schemaVersion: 1,
    name: 'two',
    salt: 'two',
    unit: 'carrier',
    traffic: 100,
    arms: [
      { name: 'champion', pin: null, weight: 50 },
      { name: 'other', pin: { version, digest }, weight: 50 },
    ],
    shadow: null,
    ...change,
  };
  await writeFile(experimentFile(), canonicalJson(experiment));
}

const states = ({ table }: ExampleLoader) => table.entries().map(({ version, state }) => `${version} ${state}`);
const digestOf = async ({ registry }: ExampleLoader, version: number): Promise<string> =>
  (await registry.getVersion('example', version))?.digest ?? '';

/** A loader over two versions in the registry, the second the champion. */
async function twoVersions(): Promise<ExampleLoader> {
  const loader = await createExampleLoader(folder.dir);
  await releaseInRegistry(folder.dir, loader.registry, 'example');
  await releaseInRegistry(folder.dir, loader.registry, 'example');
  return loader;
}

test('the versions of an experiment are open beside the champion, and close when it ends', async () => {
  const loader = await twoVersions();
  await pin(1, await digestOf(loader, 1));
  await loader.loader.start();
  expect(states(loader)).toEqual(['2 ready', '1 ready']);
  expect(loader.table.lineup('example')).toMatchObject({ current: '2', previous: null, experiment: { name: 'two' } });
  await rm(experimentFile());
  await loader.loader.refresh();
  expect(states(loader)).toEqual(['2 ready']);
  expect(loader.table.lineup('example')?.experiment).toBeNull();
  await loader.release();
});

test('a version of an experiment that cannot be opened keeps nobody from serving, not at the start and not at a swap', async () => {
  const loader = await twoVersions();
  await pin(9, `sha256:${'0'.repeat(64)}`);
  await loader.loader.start();
  expect(states(loader)).toEqual(['2 ready', '9 failed']);
  await releaseInRegistry(folder.dir, loader.registry, 'example');
  await loader.loader.refresh();
  expect(states(loader)).toEqual(['3 ready', '9 failed']);
  await loader.release();
});

test('an arm that is the version before, or the champion itself, is opened once', async () => {
  await mkdir(join(folder.modelsDir, 'example'), { recursive: true });
  const loader = await createExampleLoader(folder.dir);
  await releaseInRegistry(folder.dir, loader.registry, 'example');
  await releaseInRegistry(folder.dir, loader.registry, 'example', ['previous']);
  await pin(1, await digestOf(loader, 1), { shadow: { version: 2, digest: await digestOf(loader, 2) } });
  await loader.loader.start();
  expect(states(loader)).toEqual(['2 ready', '1 ready']);
  expect(loader.table.lineup('example')?.previous).toBe('1');
  expect(loader.events.filter(({ kind }) => kind === 'opened')).toHaveLength(2);
  await loader.release();
});

test('a committed champion stands beside a version of the registry, and of its release folder', async () => {
  const loader = await createExampleLoader(folder.dir);
  await releaseInGit(folder.dir, 'example', 1);
  await releaseInGit(folder.dir, 'example', 2);
  await loader.loader.start();
  await releaseInGit(folder.dir, 'example', 1);
  await pin(2, await digestOf(loader, 2));
  await loader.loader.refresh();
  expect(states(loader)).toEqual(['1 ready', '2 ready']);
  await loader.release();
});

test('an experiment that changes alone is taken up, and a file that cannot be read is told of once', async () => {
  const loader = await twoVersions();
  const digest = await digestOf(loader, 1);
  await pin(1, digest, { traffic: 10 });
  await loader.loader.start();
  await pin(1, digest, { traffic: 50 });
  await loader.loader.refresh();
  expect(loader.table.lineup('example')?.experiment?.traffic).toBe(50);
  await writeFile(experimentFile(), '{"name":');
  await loader.loader.refresh();
  await loader.loader.refresh();
  expect(loader.table.lineup('example')?.experiment).toBeNull();
  expect(loader.warnings.filter((text) => text.startsWith('example has no experiment'))).toHaveLength(1);
  await loader.release();
});
