import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestOf } from '@repo/contract/canonical-json';
import { afterEach, expect, test } from 'vitest';
import { servedModels } from './served-models.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder of models with these files. */
function modelsWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const manifest = { model: 'tides' };
const champion = JSON.stringify({ version: 3, digest: digestOf(manifest) });
const definition = (name: string): string => `export default { name: '${name}' };`;
const tides = {
  'tides/model.ts': definition('tides'),
  'tides/champion.json': champion,
  'tides/release/3/manifest.json': JSON.stringify(manifest),
};

test('every model with a champion is served, by name; one that has none yet is not', async () => {
  const folder = modelsWith({
    ...tides,
    'bikes/model.ts': definition('bikes'),
    'bikes/champion.json': champion,
    'new/model.ts': definition('new'),
    'tsconfig.json': '{}',
  });
  const models = await servedModels(folder, false);
  expect(models.map(({ model }) => model.name)).toEqual(['bikes', 'tides']);
  expect(models[1]?.champion).toBe(champion);
});

test('where pods reach no registry, the bundle that is pinned must lie beside the pin', async () => {
  await expect(servedModels(modelsWith(tides), true)).resolves.toHaveLength(1);
  const other = { ...tides, 'tides/release/3/manifest.json': '{"model":"other"}' };
  await expect(servedModels(modelsWith(other), true)).rejects.toThrow(
    /tides\/champion.json.digest: received "sha256:\w+"; allowed: sha256:\w+, of .*manifest.json; restore both from git/,
  );
  const { 'tides/release/3/manifest.json': _gone, ...without } = tides;
  await expect(servedModels(modelsWith(without), true)).rejects.toThrow(
    /manifest.json: received no readable file \(ENOENT\)/,
  );
  await expect(servedModels(modelsWith(without), false), 'a registry may have it').resolves.toHaveLength(1);
});

test('a pin that is no pin, and a model under another name, are refused with the file', async () => {
  const cut = modelsWith({ ...tides, 'tides/champion.json': '{"version":' });
  await expect(servedModels(cut, true)).rejects.toThrow(/tides\/champion.json: received text that is not JSON/);
  const copied = modelsWith({ ...tides, 'tides/model.ts': definition('bikes') });
  await expect(servedModels(copied, false)).rejects.toThrow(/tides\/model.ts name: received "bikes"; allowed: "tides"/);
});

test('an experiment beside the champion comes along, and one that a service could not read is refused', async () => {
  const arm = (name: string) => ({ name, pin: null, weight: 50 });
  const experiment = {
    schemaVersion: 1,
    name: 'aa',
    salt: 'aa',
    unit: 'pier',
    traffic: 100,
    arms: [arm('a'), arm('b')],
  };
  const text = JSON.stringify({ ...experiment, shadow: null });
  const [model] = await servedModels(modelsWith({ ...tides, 'tides/experiment.json': text }), false);
  expect(model?.experiment).toBe(text);
  const [without] = await servedModels(modelsWith(tides), false);
  expect(without?.experiment).toBeNull();
  const cut = modelsWith({ ...tides, 'tides/experiment.json': JSON.stringify(experiment) });
  await expect(servedModels(cut, false)).rejects.toThrow(/tides\/experiment.json.shadow: received nothing/);
});
