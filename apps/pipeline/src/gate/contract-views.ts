import { globSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import type { View } from '@repo/contract/view';
import type { Context } from '../context.ts';
import { loadModule } from '../load-module.ts';

const isView = (value: unknown, name: string): value is View =>
  typeof (value as View | null)?.digest === 'string' && (value as View).spec?.name === name;

/** The view of that name in the catalogue, features/<domain>/views/<name>.ts, whether or not the model selects it. */
async function catalogued({ workspace: { root } }: Context, name: string): Promise<View | undefined> {
  for (const file of globSync(`features/*/views/${name}.ts`, { cwd: root })) {
    const found = Object.values(await loadModule(root, join(root, file))).find((value) => isView(value, name));
    if (found !== undefined) return found as View;
  }
  return undefined;
}

/**
 * The views of a contract as they were when it was made, each over the source that the view of that name reads in this checkout. Throws
 * InputError for a view that this checkout no longer has under any version.
 */
export async function contractViews(context: Context, model: Model, contract: ModelContract): Promise<View[]> {
  const views: View[] = [];
  for (const { digest, spec } of contract.views) {
    const known = model.features.find((view) => view.spec.name === spec.name) ?? (await catalogued(context, spec.name));
    if (known === undefined)
      throw new InputError({
        path: `view ${spec.name}`,
        received: `features/*/views/${spec.name}.ts, which is gone`,
        allowed: 'every view that the compared models read',
        action: 'keep the file until no champion reads it, or compare with another version by --champion',
      });
    views.push({ source: known.source, spec, digest });
  }
  return views;
}
