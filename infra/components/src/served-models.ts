import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '@repo/contract/canonical-json';
import { experimentSchema } from '@repo/contract/experiment';
import { InputError, show } from '@repo/contract/input-error';
import { championSchema } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { parseOrThrow } from '@repo/contract/parse';

/** A model with a champion, as models/<name>/ holds it. */
export interface ServedModel {
  readonly model: Model;
  /** Content of champion.json. */
  readonly champion: string;
  /** Content of experiment.json; null without one. */
  readonly experiment: string | null;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const received =
      error instanceof SyntaxError
        ? 'text that is not JSON'
        : `no readable file (${(error as NodeJS.ErrnoException).code})`;
    throw new InputError({ path, received, allowed: 'a file of JSON', action: 'restore it from git' });
  }
}

/** Checked here, as a pod that cannot read it would only say so in its log. */
function readExperiment(folder: string): string | null {
  const path = join(folder, 'experiment.json');
  if (!existsSync(path)) return null;
  parseOrThrow(experimentSchema, readJson(path), path);
  return readFileSync(path, 'utf8');
}

/** Throws InputError when release/<version>/ is not what champion.json pins: no pod could load it. */
function checkRelease(folder: string): void {
  const path = join(folder, 'champion.json');
  const { version, digest } = parseOrThrow(championSchema, readJson(path), path);
  const manifest = join(folder, 'release', String(version), 'manifest.json');
  const released = digestOf(readJson(manifest));
  if (released === digest) return;
  const action = 'restore both from git; they change together, by a promotion';
  throw new InputError({
    path: `${path}.digest`,
    received: show(digest),
    allowed: `${released}, of ${manifest}`,
    action,
  });
}

/**
 * Every model of a folder that has a champion, sorted by name. `committed` says that its bundle must lie beside it, as where pods reach
 * no registry. Throws InputError for a folder that does not hold what its name says.
 */
export async function servedModels(modelsDir: string, committed: boolean): Promise<ServedModel[]> {
  const names = readdirSync(modelsDir)
    .filter((name) => existsSync(join(modelsDir, name, 'champion.json')))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const folder = join(modelsDir, name);
      const { default: model } = (await import(join(folder, 'model.ts'))) as { default: Model };
      if (model.name !== name)
        throw new InputError({
          path: `${folder}/model.ts name`,
          received: show(model.name),
          allowed: show(name),
          action: 'name it like its folder',
        });
      const champion = readFileSync(join(folder, 'champion.json'), 'utf8');
      if (committed) checkRelease(folder);
      return { model, champion, experiment: readExperiment(folder) };
    }),
  );
}
