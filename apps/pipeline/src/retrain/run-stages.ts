import type { Model } from '@repo/contract/model';
import { type RunEnd, RunOutcome } from '@repo/monitoring/retrain-run';
import type { Context } from '../context.ts';
import { withLock } from '../lock.ts';
import { featuresStage } from '../verbs/features.ts';
import { gateStage } from '../verbs/gate.ts';
import { promoteVerb } from '../verbs/promote.ts';
import { registerStage } from '../verbs/register.ts';
import { trainStage } from '../verbs/train.ts';
import { writeProposal } from './proposal.ts';

/** What came of the stages. */
export type StagesEnd = Pick<RunEnd, 'outcome' | 'version' | 'pullRequest' | 'detail'>;

/** What the stages need besides the model. */
export interface StagesOptions {
  /** Why, as the pull request is to say: Markdown. */
  readonly why: string;
  /** Folder to lay the proposal in, for a job that may open the pull request; null to open it here. */
  readonly out: string | null;
  /** Throws where the run is not ours any more: asked before anything is made that others see. */
  requireOurs(): Promise<void>;
}

interface GateJson {
  verdict: 'pass' | 'fail' | 'inconclusive';
  gates: Record<string, string>;
}

const steps = 5;

/**
 * Features, training, gates, registry and proposal of a model whose window was moved on. What its gates do not let pass is registered nowhere. Whoever
 * repeats it after it was cut off makes the same bytes, finds the same version, and finds the same pull request.
 */
export async function runStages(context: Context, model: Model, options: StagesOptions): Promise<StagesEnd> {
  const { workspace, progress } = context;
  const { name } = model;
  const step = (number: number, what: string) => progress.line(`retrain ${name}, ${number} of ${steps}: ${what}`);
  const wait = () => progress.line(`waiting for another command on ${name}`);
  return withLock(workspace.lockPath(`model-${name}`), wait, async () => {
    step(1, `features of ${model.split.train[0]} to ${model.split.test[1]}`);
    await featuresStage(context, model);
    step(2, 'training');
    await trainStage(context, model);
    step(3, `gates on ${model.split.test.join(' to ')}`);
    const judged = await gateStage(context, model, {
      base: null,
      candidate: null,
      champion: null,
      rebuild: false,
      reportOnly: false,
    });
    const { verdict, gates } = judged.json as GateJson;
    if (verdict !== 'pass') {
      progress.line(judged.text);
      const word = verdict === 'fail' ? 'fail' : 'inconclusive';
      const those = Object.entries(gates).filter(([, outcome]) => outcome === word);
      const detail = `its gates say ${verdict}: ${those.map(([gate]) => gate).join(', ')}`;
      const outcome = verdict === 'fail' ? RunOutcome.stopped : RunOutcome.inconclusive;
      return { outcome, version: null, pullRequest: null, detail };
    }
    await options.requireOurs();
    step(4, 'registry');
    const { version } = (await registerStage(context, model)).json as { version: number };
    if (options.out !== null) {
      step(5, 'proposal');
      await writeProposal(context, options.out, { model: name, version, why: options.why });
      const detail = `version ${version} passed its gates; causeway promote ${name} --proposal <folder> proposes it`;
      return { outcome: RunOutcome.proposed, version, pullRequest: null, detail };
    }
    if (context.githubAccess() === null) {
      const detail = `version ${version} passed its gates; causeway promote ${name} --version ${version} makes it the champion`;
      return { outcome: RunOutcome.proposed, version, pullRequest: null, detail };
    }
    step(5, 'promotion pull request');
    const promoted = await promoteVerb(context, name, { version, why: options.why });
    const { pullRequest } = promoted.json as { pullRequest: { url: string } | null };
    const detail = `version ${version} passed its gates and is proposed; nothing changes until somebody merges it`;
    return { outcome: RunOutcome.proposed, version, pullRequest: pullRequest?.url ?? null, detail };
  });
}
