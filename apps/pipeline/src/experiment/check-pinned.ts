import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { deriveExperiment, type Experiment, experimentSchema } from '@repo/contract/experiment';
import { InputError, show } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import { parseJson } from '@repo/registry/json-object';
import type { Context } from '../context.ts';

async function readPinned(path: string): Promise<Experiment | null> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return content === null ? null : parseJson(experimentSchema, content, path);
}

/**
 * Throws InputError when experiment.json beside a definition is not what the definition says: services would divide requests otherwise. Which
 * bytes a version has only the registry knows; that is checked when it is written, and when it is opened.
 */
export async function checkPinned({ workspace }: Context, model: Model): Promise<void> {
  const path = join(workspace.modelDir(model.name), 'experiment.json');
  const pinned = await readPinned(path);
  const pins = [...(pinned?.arms.map(({ pin }) => pin) ?? []), pinned?.shadow];
  const declared =
    model.experiment === undefined
      ? null
      : await deriveExperiment(model.experiment, async (version) => {
          const pin = pins.find((one) => one?.version === version);
          return pin ?? { version, digest: 'not pinned' };
        });
  if (canonicalJson(pinned) === canonicalJson(declared)) return;
  throw new InputError({
    path: `models/${model.name}/experiment.json`,
    received: pinned === null ? 'nothing' : show(pinned),
    allowed: declared === null ? 'nothing, as the definition has no experiment' : 'what the definition says',
    action: `run causeway experiment ${model.name} --write and commit it`,
  });
}
