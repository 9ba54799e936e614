import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import type { Champion } from '@repo/contract/manifest';
import { importCommitted } from '@repo/registry/import-committed';
import { createRegistry } from '@repo/registry/registry';
import writeFileAtomic from 'write-file-atomic';
import type { Context } from '../context.ts';
import { readFeatureManifest } from '../feature-manifest.ts';
import type { Outcome } from '../outcome.ts';
import { loadModel } from '../workspace.ts';

/** Commits a model's first version beside its definition: there is no champion that it would have to beat. */
async function commitFirst(modelDir: string, bundleDir: string, champion: Champion): Promise<void> {
  const release = join(modelDir, 'release', String(champion.version));
  const scratch = `${release}.part`;
  await mkdir(join(modelDir, 'release'), { recursive: true });
  await rm(scratch, { recursive: true, force: true });
  await cp(bundleDir, scratch, { recursive: true });
  await rm(release, { recursive: true, force: true });
  await rename(scratch, release);
  await writeFileAtomic(join(modelDir, 'champion.json'), `${canonicalJson(champion)}\n`);
}

/**
 * `causeway register <model>`: puts the trained bundle into the registry under the next version. The first version of a model becomes
 * its champion and is written to models/<model>/release; a later one becomes the challenger.
 */
export async function registerVerb(context: Context, name: string): Promise<Outcome> {
  const { workspace, stateUrl } = context;
  const model = await loadModel(workspace, name);
  const features = await readFeatureManifest(workspace.stageDir(name, 'features'));
  const bundleDir = join(workspace.stageDir(name, 'train'), 'bundle');
  if (features?.definition !== model.digest) {
    throw new InputError({
      path: bundleDir,
      received: 'a bundle of another definition, or none',
      allowed: `a bundle trained from models/${name}/model.ts as it is now`,
      action: `run causeway train ${name}`,
    });
  }
  const registry = createRegistry(stateUrl, workspace.root);
  const committed = await importCommitted(registry, workspace.modelDir(name));
  const { version, digest, created } = await registry.register(name, bundleDir);
  const champion = await registry.getAlias(name, 'champion');
  if (committed === null && champion === null) await registry.setAlias(name, 'champion', version, null);
  if (committed === null && (champion ?? version) === version)
    await commitFirst(workspace.modelDir(name), bundleDir, { version, digest });
  const isChampion = (champion ?? version) === version;
  if (!isChampion) await registry.setAlias(name, 'challenger', version, await registry.getAlias(name, 'challenger'));
  const alias = isChampion ? 'champion' : 'challenger';
  return {
    exitCode: 0,
    json: { model: name, version, digest, created, alias },
    text: `${name} version ${version} is the ${alias}: ${digest}${created ? '' : ' (registered before)'}`,
  };
}
