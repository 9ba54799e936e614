import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRegistry } from '@repo/registry/registry';
import { expect, onTestFinished, test } from 'vitest';
import { createExampleLoader, type ExampleLoaderOptions } from './fixtures/example-loader.ts';
import { createReleaseFolder, releaseInGit, releaseInRegistry } from './fixtures/example-releases.ts';
import { registryThatGoes } from './fixtures/registry-that-goes.ts';

async function start(dir: string, options: ExampleLoaderOptions) {
  const example = await createExampleLoader(dir, options);
  onTestFinished(() => example.release());
  await example.loader.start();
  return example;
}

const states = ({ table }: Awaited<ReturnType<typeof start>>) =>
  table.entries().map(({ name, version, state }) => `${name} ${version} ${state}`);

/** A folder whose pins stand apart from their bundles, as a cluster mounts them over an image. */
async function pinnedElsewhere() {
  const space = await createReleaseFolder();
  onTestFinished(() => space.remove());
  const registry = createRegistry('file:state', space.dir);
  const releasesDir = join(space.dir, 'image');
  await mkdir(releasesDir);
  const pin = async (version: number, digest: string) => {
    await mkdir(join(space.modelsDir, 'example'), { recursive: true });
    await writeFile(join(space.modelsDir, 'example', 'champion.json'), JSON.stringify({ version, digest }));
  };
  const digestOf = async (version: number) => (await registry.getVersion('example', version))?.digest ?? '';
  return { ...space, registry, releasesDir, pin, digestOf };
}

test('a pin that stands apart takes its bundle from what the machine brought along, and asks no registry for it', async () => {
  const { dir, registry, releasesDir } = await pinnedElsewhere();
  const goes = registryThatGoes(registry);
  await releaseInGit(dir, 'example', 1);
  await mkdir(join(releasesDir, 'example'));
  await rename(join(dir, 'models', 'example', 'release'), join(releasesDir, 'example', 'release'));
  goes.down = true;
  const example = await start(dir, { registry: goes.registry, releasesDir });
  expect(states(example)).toEqual(['example 1 ready']);
  goes.down = false;
  await example.loader.refresh();
  expect(await registry.listVersions('example'), 'nothing is written to the registry').toEqual([]);
});

test('a pin that moves on to what the machine lacks is fetched from the registry, whose alias stays where it is', async () => {
  const { dir, registry, releasesDir, pin, digestOf } = await pinnedElsewhere();
  for (let i = 0; i < 3; i++) await releaseInRegistry(dir, registry, 'example');
  await pin(1, await digestOf(1));
  const example = await start(dir, { releasesDir });
  expect(states(example)).toEqual(['example 1 ready']);
  await pin(2, await digestOf(2));
  await example.loader.refresh();
  expect(states(example)).toEqual(['example 2 ready']);
  expect(await registry.getAlias('example', 'champion')).toBe(3);
});

test('a pin falls back to the champion before it, and never to the one that is taking over', async () => {
  const { dir, registry, releasesDir, pin, digestOf } = await pinnedElsewhere();
  const previousOf = async (version: number) => {
    await pin(version, await digestOf(version));
    const { table } = await start(dir, { releasesDir });
    return table.hold('example').previous?.version ?? null;
  };
  for (let i = 0; i < 2; i++) await releaseInRegistry(dir, registry, 'example', ['previous']);
  expect([await previousOf(1), await previousOf(2)]).toEqual([null, '1']);
  await registry.setAlias('example', 'champion', 1, 2);
  expect([await previousOf(1), await previousOf(2)], 'after going back').toEqual(['2', '1']);
});

test('a pin of what neither the machine nor the registry holds is not served, and says what there is', async () => {
  const { dir, registry, releasesDir, pin, digestOf } = await pinnedElsewhere();
  await releaseInRegistry(dir, registry, 'example');
  await pin(7, await digestOf(1));
  const lacking = await start(dir, { releasesDir });
  const unknown = expect.stringMatching(/version of example: received 7; allowed: 1; name a version that exists/);
  expect(lacking.table.entry('example')).toMatchObject({ state: 'failed', reason: unknown });
  const digest = `sha256:${'0'.repeat(64)}`;
  await pin(1, digest);
  const other = await start(dir, { releasesDir });
  const reason = expect.stringContaining(`champion.json of example: received version 1 as ${digest}`);
  expect(other.table.entry('example')).toMatchObject({ state: 'failed', reason });
  await pin(1, 'no digest');
  const malformed = await start(dir, { releasesDir });
  expect(malformed.table.entry('example')).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('champion.json.digest: received "no digest"'),
  });
});
