import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson, digestOf } from '@repo/contract/canonical-json';
import { linkPackages } from '@repo/preview/link-packages';

const origin = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const shop = join(origin, 'apps/pipeline/src/fixtures/workspace');
/** Its name comes before that of any other model: whatever were counted by name would not depend on how many there are. */
export const sampleModel = 'a-sample';

/** Links everything in a folder of this workspace into one of the same name elsewhere. */
function linkAll(root: string, folder: string): void {
  mkdirSync(join(root, folder), { recursive: true });
  for (const name of readdirSync(join(origin, folder)).filter((one) => one !== 'node_modules')) {
    symlinkSync(join(origin, folder, name), join(root, folder, name));
  }
}

/** A champion that nobody trained: its bundle is named, and its release holds no more than its manifest. */
function writeChampion(folder: string): void {
  const manifest = { schemaVersion: 1, files: {} };
  mkdirSync(join(folder, 'release/1'), { recursive: true });
  writeFileSync(join(folder, 'release/1/manifest.json'), canonicalJson(manifest));
  const champion = { version: 1, digest: digestOf(manifest) };
  writeFileSync(join(folder, 'champion.json'), canonicalJson(champion));
}

/**
 * The programs of this workspace with one model more. What is declared for that one and for none is the same in every fork, whatever models it
 * has and however often it promotes them.
 */
export function createSampleWorkspace() {
  const root = mkdtempSync(join(tmpdir(), 'programs-'));
  const isOwn = (path: string): boolean => !/\/(?:node_modules|dist)$/.test(path);
  cpSync(join(origin, 'infra'), join(root, 'infra'), { recursive: true, filter: isOwn });
  for (const folder of ['libs', 'apps', 'tools', 'features', 'models']) linkAll(root, folder);
  for (const file of ['package.json', 'test']) symlinkSync(join(origin, file), join(root, file));
  linkPackages(origin, root);
  cpSync(join(shop, 'features'), join(root, 'features'), { recursive: true });
  cpSync(join(shop, 'models'), join(root, 'models'), { recursive: true });
  const folder = join(root, 'models', sampleModel);
  renameSync(join(root, 'models/late-order'), folder);
  const definition = join(folder, 'model.ts');
  writeFileSync(definition, readFileSync(definition, 'utf8').replaceAll('late-order', sampleModel));
  writeChampion(folder);
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
