import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, sha256 } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import { bundleFiles } from '@repo/contract/manifest';
import { expect, test } from 'vitest';
import { createSampleBundle } from './fixtures/sample-bundle.ts';
import { createFolder } from './fixtures/temporary-folder.ts';
import { readBundle } from './read-bundle.ts';
import { writeBundleManifest } from './write-bundle-manifest.ts';

/** The paths, inside the bundle, that reading a folder complains about; none when it is fine. */
async function complaints(dir: string): Promise<string[]> {
  try {
    await readBundle(dir);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map((problem) => problem.path.slice(dir.length + 1));
  }
}

test('a written bundle reads back, and sha256sum of its manifest is its digest', async () => {
  const bundle = await createSampleBundle('flight-delay', 1);
  const again = await readBundle(bundle.dir);
  expect(again).toEqual(bundle);
  expect(`sha256:${sha256(await readFile(join(bundle.dir, 'manifest.json')))}`).toBe(bundle.digest);
  expect(again.manifest.files.map((file) => file.path)).toEqual([...bundleFiles]);
  expect(Buffer.from(again.contents['model.onnx']).toString()).toBe('content of model.onnx');
});

test('the digest depends on content and model, and on nothing else', async () => {
  const one = await createSampleBundle('flight-delay', 1);
  expect((await createSampleBundle('flight-delay', 1)).digest).toBe(one.digest);
  expect((await createSampleBundle('flight-delay', 2)).digest).not.toBe(one.digest);
  expect((await writeBundleManifest(one.dir, 'temperature')).digest).not.toBe(one.digest);
});

test.each(bundleFiles)('one flipped bit in %s is caught, and that file is named', async (name) => {
  const { dir } = await createSampleBundle('flight-delay', 1);
  const path = join(dir, name);
  const content = await readFile(path);
  content[content.length - 1] = (content.at(-1) as number) ^ 1;
  await writeFile(path, content);
  expect(await complaints(dir)).toEqual([name]);
});

test.each([...bundleFiles, 'manifest.json'])('a missing %s is caught', async (name) => {
  const { dir } = await createSampleBundle('flight-delay', 1);
  await rm(join(dir, name));
  expect(await complaints(dir)).toEqual([name]);
});

test.each([...bundleFiles, 'manifest.json'])(
  'a symbolic link in place of %s is caught, even to the same bytes',
  async (name) => {
    const { dir } = await createSampleBundle('flight-delay', 1);
    const elsewhere = join(createFolder(), name);
    await rename(join(dir, name), elsewhere);
    await symlink(elsewhere, join(dir, name));
    expect(await complaints(dir)).toEqual([name]);
  },
);

test('extra files, extra folders and a folder in place of a file are caught together', async () => {
  const { dir } = await createSampleBundle('flight-delay', 1);
  await writeFile(join(dir, 'notes.txt'), '');
  await mkdir(join(dir, '.hidden'));
  await rm(join(dir, 'golden.json'));
  await mkdir(join(dir, 'golden.json'));
  expect((await complaints(dir)).sort()).toEqual(['.hidden', 'golden.json', 'notes.txt']);
});

test.each<[string, (manifest: { files: { path: string; sha256: string; bytes: number }[] }) => object, string]>([
  ['lists a file less', (m) => ({ ...m, files: m.files.slice(1) }), 'manifest.json.files'],
  ['lists its files in another order', (m) => ({ ...m, files: m.files.toReversed() }), 'manifest.json.files'],
  [
    'climbs out',
    (m) => ({ ...m, files: m.files.with(0, { ...m.files[0], path: '../x' } as never) }),
    'manifest.json.files',
  ],
  [
    'has a wrong size',
    (m) => ({ ...m, files: m.files.with(0, { ...m.files[0], bytes: 1 } as never) }),
    'contract.json',
  ],
  ['has a field too many', (m) => ({ ...m, host: 'x' }), 'manifest.json.host'],
  ['names a model that is no name', (m) => ({ ...m, model: '../x' }), 'manifest.json.model'],
])('a manifest that %s is caught', async (_, edit, path) => {
  const { dir } = await createSampleBundle('flight-delay', 1);
  const manifest = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8'));
  await writeFile(join(dir, 'manifest.json'), canonicalJson(edit(manifest)));
  expect(await complaints(dir)).toEqual([path]);
});

test('a manifest that was cut is an input error and no stack of a parser', async () => {
  const { dir } = await createSampleBundle('flight-delay', 1);
  await writeFile(join(dir, 'manifest.json'), '{"schemaVersion":1,');
  expect(await complaints(dir)).toEqual(['manifest.json']);
});

test('a folder that does not exist, or is a file, is an input error', async () => {
  const folder = createFolder();
  await writeFile(join(folder, 'file'), '');
  await expect(readBundle(join(folder, 'none'))).rejects.toThrow(/ENOENT.*train the model first/);
  await expect(readBundle(join(folder, 'file'))).rejects.toThrow(InputError);
});

test('no manifest is written for a folder with a file missing or too many, or for a bad name', async () => {
  const { dir } = await createSampleBundle('flight-delay', 1);
  const copy = join(createFolder(), 'copy');
  await cp(dir, copy, { recursive: true });
  await rm(join(copy, 'manifest.json'));
  await writeFile(join(copy, 'report.html'), '');
  await rm(join(copy, 'model.onnx'));
  await expect(writeBundleManifest(copy, 'flight-delay')).rejects.toThrow(
    /report.html: .*\n.*model.onnx: received nothing/,
  );
  await expect(writeBundleManifest(dir, 'Flight/Delay')).rejects.toThrow(InputError);
  await expect(readFile(join(copy, 'manifest.json'))).rejects.toThrow('ENOENT');
});
