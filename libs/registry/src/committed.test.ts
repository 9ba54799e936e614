import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { expect, test } from 'vitest';
import { createSampleBundle } from './fixtures/sample-bundle.ts';
import { createFolder } from './fixtures/temporary-folder.ts';
import { importCommitted } from './import-committed.ts';
import { createRegistry } from './registry.ts';
import { verifyCommitted } from './verify-committed.ts';

const model = 'flight-delay';

/** A model folder whose champion is a sample bundle. */
async function createModelFolder(version: number, seed: number): Promise<{ dir: string; digest: string }> {
  const dir = join(createFolder(), model);
  const bundle = await createSampleBundle(model, seed);
  await mkdir(join(dir, 'release'), { recursive: true });
  await cp(bundle.dir, join(dir, 'release', String(version)), { recursive: true });
  await writeFile(join(dir, 'champion.json'), JSON.stringify({ version, digest: bundle.digest }));
  return { dir, digest: bundle.digest };
}

async function createState() {
  return createRegistry(`file:${createFolder()}`, '/');
}

test('the committed champion verifies, and a model without one has none', async () => {
  const { dir, digest } = await createModelFolder(4, 1);
  expect(await verifyCommitted(dir)).toMatchObject({ model, version: 4, digest, dir: join(dir, 'release', '4') });
  await rm(join(dir, 'champion.json'));
  expect(await verifyCommitted(dir)).toBeNull();
  expect(await importCommitted(await createState(), dir)).toBeNull();
});

test('importing makes it the champion of the registry; repeating it changes nothing', async () => {
  const { dir, digest } = await createModelFolder(4, 1);
  const registry = await createState();
  for (const _ of [1, 2]) {
    expect(await importCommitted(registry, dir)).toMatchObject({ version: 4, digest });
    expect(await registry.listVersions(model)).toEqual([{ model, version: 4, digest }]);
    expect(await registry.getAlias(model, 'champion')).toBe(4);
    expect(await registry.getAlias(model, 'previous')).toBeNull();
  }
});

test('8 concurrent imports of one commit all succeed', async () => {
  const { dir } = await createModelFolder(1, 1);
  const registry = await createState();
  await Promise.all(Array.from({ length: 8 }, () => importCommitted(registry, dir)));
  expect(await registry.getAlias(model, 'champion')).toBe(1);
});

test('git decides: a new commit moves champion, and the one before becomes previous', async () => {
  const registry = await createState();
  await importCommitted(registry, (await createModelFolder(1, 1)).dir);
  await importCommitted(registry, (await createModelFolder(2, 2)).dir);
  expect(await registry.getAlias(model, 'champion')).toBe(2);
  expect(await registry.getAlias(model, 'previous')).toBe(1);
});

test('a registry with another bundle under the committed number is refused and left alone', async () => {
  const registry = await createState();
  const local = await registry.register(model, (await createSampleBundle(model, 9)).dir);
  await expect(importCommitted(registry, (await createModelFolder(1, 1)).dir)).rejects.toThrow(
    /CAUSEWAY_STATE without this model/,
  );
  expect((await registry.getVersion(model, 1))?.digest).toBe(local.digest);
  expect(await registry.getAlias(model, 'champion')).toBeNull();
});

test.each<[string, (dir: string) => Promise<void>, RegExp]>([
  [
    'a champion.json with another digest',
    (dir) => writeFile(join(dir, 'champion.json'), `{"version":1,"digest":"sha256:${'0'.repeat(64)}"}`),
    /champion.json.digest/,
  ],
  [
    'a champion.json that was cut',
    (dir) => writeFile(join(dir, 'champion.json'), '{"version"'),
    /champion.json: .*whole JSON/,
  ],
  [
    'a champion.json with a path for a version',
    (dir) => writeFile(join(dir, 'champion.json'), '{"version":"../1","digest":""}'),
    /champion.json.version/,
  ],
  ['no release folder', (dir) => rm(join(dir, 'release'), { recursive: true }), /no readable folder/],
  ['an edited file', (dir) => writeFile(join(dir, 'release', '1', 'model.onnx'), 'x'), /model.onnx: received sha256/],
])('%s is caught', async (_, spoil, message) => {
  const { dir } = await createModelFolder(1, 1);
  await spoil(dir);
  await expect(verifyCommitted(dir)).rejects.toThrow(InputError);
  await expect(verifyCommitted(dir)).rejects.toThrow(message);
});

test('a model folder copied under another name is told to drop the champion that is not its own', async () => {
  const { dir } = await createModelFolder(1, 1);
  const copy = join(dir, '..', 'my-model');
  await rename(dir, copy);
  await expect(verifyCommitted(copy)).rejects.toThrow(
    /received "flight-delay"; allowed: "my-model"; .*delete its champion.json/,
  );
});
