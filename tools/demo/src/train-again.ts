import type { InstantUs } from '@repo/contract/instant';
import type { DemoWorkspace } from './demo-workspace.ts';
import { type Poisoned, poisonLabels } from './poison-labels.ts';
import { type Retrained, retrainModel } from './retrain-model.ts';
import type { Scene } from './scene.ts';

export interface TrainAgainOptions {
  readonly scene: Scene;
  readonly sabotaged: DemoWorkspace;
  readonly atUs: InstantUs;
}

/** How both runs ended. */
export interface TrainedAgain {
  readonly retrained: Retrained;
  readonly poisoned: { readonly labels: Poisoned; readonly run: Retrained };
}

const sabotage = 'a saboteur has poisoned the labels and asks for a run';

/** Trains twice at once, a processor for each: what the policy asks for, and a copy of the checkout whose labels are poisoned. */
export async function trainAgain({ scene, sabotaged, atUs }: TrainAgainOptions): Promise<TrainedAgain> {
  const { workspace, view, database, model } = scene;
  const labels = await poisonLabels(database, sabotaged.root, model.split.validate[0]);
  const steps = (who: string) => (line: string) => {
    if (/^retrain /.test(line) || /^boost (150|300)\//.test(line) || line === 'gates') view.say(`${who}: ${line}`);
  };
  const [retrained, run] = await Promise.all([
    retrainModel({ workspace, atUs, reason: null, say: steps('retrain') }),
    retrainModel({ workspace: sabotaged, atUs, reason: sabotage, say: steps('sabotage') }),
  ]);
  for (const [who, { decision, primary }] of [
    ['retrain', retrained],
    ['sabotage', run],
  ] as const) {
    view.say(
      `${who}: ${decision.run?.outcome ?? decision.state}. ${decision.run?.detail ?? ''} gain ${primary?.gain?.estimate.toFixed(4) ?? 'unknown'}`,
    );
  }
  return { retrained, poisoned: { labels, run } };
}
