import type { Model } from '@repo/contract/model';
import type { Context } from './context.ts';
import { withLock } from './lock.ts';
import type { Outcome } from './outcome.ts';
import { loadModel, requireModelName } from './workspace.ts';

function alone<T>({ workspace, progress }: Context, name: string, work: () => Promise<T>): Promise<T> {
  const wait = () => progress.line(`waiting for another command on ${name}`);
  return withLock(workspace.lockPath(`model-${name}`), wait, work);
}

/** Runs a stage on a model by its name, while no other command works on the stages of that model. */
export async function onModel(
  context: Context,
  name: string,
  stage: (context: Context, model: Model) => Promise<Outcome>,
): Promise<Outcome> {
  const model = await loadModel(context.workspace, name);
  return alone(context, name, () => stage(context, model));
}

/** Runs a step on the releases of a model, likewise alone. Its definition is not loaded: going back must work with a broken one. */
export async function onReleases(
  context: Context,
  name: string,
  step: (context: Context, name: string) => Promise<Outcome>,
): Promise<Outcome> {
  await requireModelName(context.workspace, name);
  return alone(context, name, () => step(context, name));
}
