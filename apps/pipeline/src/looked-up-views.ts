import { InputError } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import type { View } from '@repo/contract/view';
import { viewKey } from '@repo/features/online-store';
import type { Context } from './context.ts';
import { loadModel, modelNames } from './workspace.ts';

/** The looked-up views of some models, each once. */
export function lookedUpViews(models: readonly Model[]): View[] {
  const views = models.flatMap((model) => model.features).filter((view) => view.spec.kind !== 'request');
  return [...new Map(views.map((view) => [viewKey(view), view])).values()];
}

/** One model, or all that can be loaded: a broken one is told of and does not keep the others from being served. */
export async function modelsOf({ workspace, progress }: Context, name: string | null): Promise<Model[]> {
  if (name !== null) return [await loadModel(workspace, name)];
  const models: Model[] = [];
  for (const one of await modelNames(workspace)) {
    try {
      models.push(await loadModel(workspace, one));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      progress.line(`${one} is left out: ${error.message}`);
    }
  }
  return models;
}
