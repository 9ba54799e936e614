import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { deriveExperiment } from '@repo/contract/experiment';
import { InputError, show } from '@repo/contract/input-error';
import type { Champion } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { createRegistry } from '@repo/registry/registry';
import { verifyCommitted } from '@repo/registry/verify-committed';
import writeFileAtomic from 'write-file-atomic';
import type { Context } from '../context.ts';
import type { Outcome } from '../outcome.ts';

const fileOf = ({ workspace }: Context, model: Model): string =>
  join(workspace.modelDir(model.name), 'experiment.json');

/** The digest of a version: the registry's, else the committed champion's. Throws InputError for a version that is neither. */
async function pinOf(context: Context, model: Model, version: number, path: string): Promise<Champion> {
  const registry = createRegistry(context.stateUrl, context.workspace.root);
  const registered = await registry.getVersion(model.name, version);
  if (registered !== null) return { version, digest: registered.digest };
  const committed = await verifyCommitted(context.workspace.modelDir(model.name));
  if (committed?.version === version) return { version, digest: committed.digest };
  const known = [
    ...(await registry.listVersions(model.name)).map((one) => one.version),
    committed?.version ?? [],
  ].flat();
  throw new InputError({
    path: `${model.name}.experiment.${path}`,
    received: show(version),
    allowed: known.join(', ') || 'none: the registry has no version of the model',
    action: 'name one of these, or train and register the version first',
  });
}

/**
 * Writes experiment.json beside the definition, what services divide requests by: the definition's experiment with its versions pinned by
 * digest; without an experiment the file goes. Throws InputError for a version that is not there.
 */
export async function pinExperiment(context: Context, model: Model): Promise<Outcome> {
  const file = fileOf(context, model);
  const name = `models/${model.name}/experiment.json`;
  if (model.experiment === undefined) {
    await rm(file, { force: true });
    const text = `${model.name} declares no experiment; ${name} is not there.`;
    return { exitCode: 0, json: { experiment: null }, text };
  }
  const experiment = await deriveExperiment(model.experiment, (version, path) => pinOf(context, model, version, path));
  const content = canonicalJson(experiment);
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before !== content) await writeFileAtomic(file, content);
  const text =
    before === content
      ? `${name} is what the definition says.`
      : `${name} is written; commit it, and services take it up.`;
  return { exitCode: 0, json: { experiment }, text };
}
