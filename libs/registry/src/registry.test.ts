import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { bundleFiles } from '@repo/contract/manifest';
import { expect, test } from 'vitest';
import { AliasConflict } from './alias-conflict.ts';
import { createSampleBundle } from './fixtures/sample-bundle.ts';
import { createFolder } from './fixtures/temporary-folder.ts';
import { createRegistry, type Registry } from './registry.ts';

const model = 'flight-delay';

async function createState(): Promise<{ registry: Registry; root: string }> {
  const state = createFolder();
  return { registry: createRegistry(`file:${state}`, '/'), root: join(state, 'registry') };
}

async function registerSamples(registry: Registry, count: number): Promise<void> {
  for (let seed = 1; seed <= count; seed++) await registry.register(model, (await createSampleBundle(model, seed)).dir);
}

test('versions count from 1 for each model; the same bundle keeps its number', async () => {
  const { registry } = await createState();
  const one = await createSampleBundle(model, 1);
  const two = await createSampleBundle(model, 2);
  const other = await createSampleBundle('temperature', 1);
  expect(await registry.listVersions(model)).toEqual([]);
  expect(await registry.register(model, one.dir)).toEqual({ model, version: 1, digest: one.digest, created: true });
  expect(await registry.register(model, two.dir)).toMatchObject({ version: 2, created: true });
  expect(await registry.register(model, one.dir)).toMatchObject({ version: 1, created: false });
  expect(await registry.register('temperature', other.dir)).toMatchObject({ version: 1, created: true });
  expect(await registry.getVersion(model, 2)).toEqual({ model, version: 2, digest: two.digest });
  expect(await registry.getVersion(model, 3)).toBeNull();
  expect(await registry.listVersions(model)).toHaveLength(2);
  expect(await registry.listModels()).toEqual([model, 'temperature']);
});

test('an imported version keeps its number, and registering goes on after it', async () => {
  const { registry } = await createState();
  const [one, two, three] = [
    await createSampleBundle(model, 1),
    await createSampleBundle(model, 2),
    await createSampleBundle(model, 3),
  ];
  expect(await registry.importVersion(model, 7, one.dir)).toMatchObject({ version: 7, created: true });
  expect(await registry.importVersion(model, 7, one.dir)).toMatchObject({ version: 7, created: false });
  expect(await registry.register(model, two.dir)).toMatchObject({ version: 8 });
  await expect(registry.importVersion(model, 8, three.dir)).rejects.toThrow(
    /version 8 of flight-delay: received sha256:.* allowed: sha256:.* register the folder under the next number/,
  );
  expect((await registry.listVersions(model)).map((v) => v.digest)).toEqual([one.digest, two.digest]);
});

test('a bundle of another model is refused', async () => {
  const { registry } = await createState();
  const { dir } = await createSampleBundle('temperature', 1);
  await expect(registry.register(model, dir)).rejects.toThrow(/received temperature; allowed: flight-delay/);
  await expect(registry.importVersion(model, 1, dir)).rejects.toThrow(InputError);
  expect(await registry.listVersions(model)).toEqual([]);
});

test('moving champion makes the champion before it previous; moving it back is a rollback', async () => {
  const { registry } = await createState();
  await registerSamples(registry, 3);
  expect(await registry.getAlias(model, 'champion')).toBeNull();
  expect(await registry.championHistory(model)).toEqual([]);
  await registry.setAlias(model, 'champion', 1, null);
  expect(await registry.getAlias(model, 'previous')).toBeNull();
  await registry.setAlias(model, 'challenger', 3, null);
  await registry.setAlias(model, 'champion', 2, 1);
  expect(await registry.getAlias(model, 'previous')).toBe(1);
  await registry.setAlias(model, 'champion', 2, 2);
  expect(await registry.getAlias(model, 'previous'), 'setting what is set changes nothing').toBe(1);
  await registry.setAlias(model, 'champion', 1, 2);
  expect([await registry.getAlias(model, 'champion'), await registry.getAlias(model, 'previous')]).toEqual([1, 2]);
  expect(await registry.championHistory(model)).toEqual([1, 2, 1]);
  expect(await registry.getAlias(model, 'challenger')).toBe(3);
});

test('an alias moves only from the expected version; the conflict tells the current one', async () => {
  const { registry } = await createState();
  await registerSamples(registry, 3);
  await registry.setAlias(model, 'champion', 1, null);
  const conflict = await registry.setAlias(model, 'champion', 3, 2).catch((error: unknown) => error);
  expect(conflict).toBeInstanceOf(AliasConflict);
  expect(conflict).toMatchObject({ model, alias: 'champion', expected: 2, current: 1 });
  await expect(registry.setAlias(model, 'champion', 3, null)).rejects.toThrow(AliasConflict);
  expect(await registry.getAlias(model, 'champion')).toBe(1);
});

test('an alias points at versions that exist, and previous is not set by hand', async () => {
  const { registry } = await createState();
  await registerSamples(registry, 2);
  await expect(registry.setAlias(model, 'champion', 9, null)).rejects.toThrow(
    /received 9 of flight-delay; allowed: 1, 2/,
  );
  await expect(registry.setAlias(model, 'previous' as 'champion', 1, null)).rejects.toThrow(/set champion/);
  await expect(registry.setAlias(model, 'stable' as 'champion', 1, null)).rejects.toThrow(
    /champion, challenger, previous/,
  );
  await expect(registry.openBundle(model, 'champion')).rejects.toThrow(/champion, which is not set; allowed: 1, 2/);
});

test('names and numbers are checked before they become paths', async () => {
  const { registry, root } = await createState();
  const { dir } = await createSampleBundle(model, 1);
  for (const bad of ['', '..', '../x', 'a/b', 'A', 'a\0', 'x'.repeat(51)]) {
    await expect(registry.register(bad, dir)).rejects.toThrow(InputError);
    await expect(registry.listVersions(bad)).rejects.toThrow(InputError);
    await expect(registry.getAlias(bad, 'champion')).rejects.toThrow(InputError);
    await expect(registry.setAlias(bad, 'champion', 1, null)).rejects.toThrow(InputError);
    await expect(registry.openBundle(bad, 1)).rejects.toThrow(InputError);
  }
  for (const bad of [0, -1, 1.5, Number.NaN, '1/../2']) {
    await expect(registry.getVersion(model, bad as number)).rejects.toThrow(InputError);
    await expect(registry.importVersion(model, bad as number, dir)).rejects.toThrow(InputError);
  }
  await expect(registry.getAlias(model, '../versions' as 'champion')).rejects.toThrow(InputError);
  await expect(readdir(root), 'nothing was written').rejects.toThrow('ENOENT');
});

test('a version opens by number and by alias from a folder of its own', async () => {
  const { registry, root } = await createState();
  const bundle = await createSampleBundle(model, 1);
  await registry.register(model, bundle.dir);
  await registry.setAlias(model, 'champion', 1, null);
  const opened = await registry.openBundle(model, 'champion');
  expect(opened).toEqual({ ...bundle, dir: opened.dir, version: 1 });
  expect(opened.dir.startsWith(root)).toBe(true);
  expect(await registry.openBundle(model, 1)).toEqual(opened);
  expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('16 concurrent first openings share one copy', async () => {
  const { registry, root } = await createState();
  await registerSamples(registry, 1);
  const opened = await Promise.all(Array.from({ length: 16 }, () => registry.openBundle(model, 1)));
  expect(new Set(opened.map((o) => o.dir)).size).toBe(1);
  expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test.each(bundleFiles)('a changed %s in the copy is caught at the next opening', async (name) => {
  const { registry } = await createState();
  await registerSamples(registry, 1);
  const { dir } = await registry.openBundle(model, 1);
  await writeFile(join(dir, name), 'x');
  await expect(registry.openBundle(model, 1)).rejects.toThrow(new RegExp(`${name}: received sha256`));
});

test('a damaged blob is caught, by opening and by registering it again', async () => {
  const { registry, root } = await createState();
  const { dir, manifest } = await createSampleBundle(model, 1);
  await registry.register(model, dir);
  const blob = join(root, 'blobs', manifest.files[4]?.sha256 as string);
  await writeFile(blob, `${await readFile(blob, 'utf8')}!`);
  await expect(registry.openBundle(model, 1)).rejects.toThrow(/registry is damaged/);
  await expect(registry.register(model, dir)).rejects.toThrow(/registry is damaged/);
  await rm(blob);
  await expect(registry.openBundle(model, 1)).rejects.toThrow(/received nothing/);
  await registry.register(model, dir);
  expect((await registry.openBundle(model, 1)).version).toBe(1);
});

test('a copy swapped for another valid bundle is caught', async () => {
  const { registry } = await createState();
  await registerSamples(registry, 2);
  const [one, two] = [await registry.openBundle(model, 1), await registry.openBundle(model, 2)];
  for (const name of await readdir(one.dir)) await writeFile(join(one.dir, name), await readFile(join(two.dir, name)));
  await expect(registry.openBundle(model, 1)).rejects.toThrow(/delete this folder/);
});

test('damaged records of versions and aliases are caught', async () => {
  const { registry, root } = await createState();
  await registerSamples(registry, 2);
  await registry.setAlias(model, 'champion', 1, null);
  const versions = join(root, 'models', model, 'versions');
  await writeFile(join(versions, '1.json'), await readFile(join(versions, '2.json')));
  await expect(registry.getVersion(model, 1)).rejects.toThrow(/received version 2 of flight-delay; allowed: version 1/);
  await writeFile(join(root, 'models', model, 'aliases', 'champion', '1.json'), '{"ver');
  await expect(registry.getAlias(model, 'champion')).rejects.toThrow(InputError);
});

test('a state folder that cannot be used is an input error: below a file, or where nothing can be created', async () => {
  const folder = createFolder();
  const { dir } = await createSampleBundle(model, 1);
  await writeFile(join(folder, 'file'), '');
  await mkdir(join(folder, 'state'));
  await writeFile(join(folder, 'state', 'registry'), '');
  for (const state of [join(folder, 'file'), join(folder, 'state'), '/proc/causeway']) {
    const registry = createRegistry(`file:${state}`, '/');
    await expect(registry.register(model, dir)).rejects.toThrow(
      /CAUSEWAY_STATE: received .*registry \((ENOTDIR|ENOENT)\)/,
    );
  }
});
