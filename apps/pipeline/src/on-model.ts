import type { Model } from '@repo/contract/model';
import type { Context } from './context.ts';
import { withLock } from './lock.ts';
import type { Outcome } from './outcome.ts';
import { loadModel } from './workspace.ts';

/** Runs a stage on a model by its name, while no other command works on the stages of that model. */
export async function onModel(
  context: Context,
  name: string,
  stage: (context: Context, model: Model) => Promise<Outcome>,
): Promise<Outcome> {
  const { workspace, progress } = context;
  const model = await loadModel(workspace, name);
  const wait = () => progress.line(`waiting for another command on ${name}`);
  return withLock(workspace.lockPath(`model-${name}`), wait, () => stage(context, model));
}
