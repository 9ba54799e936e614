import { InputError } from '@repo/contract/input-error';
import type { Command } from 'commander';
import { type Choose, declareVerb } from './declare-verb.ts';
import { onModel } from './on-model.ts';

interface ExperimentFlags {
  json?: boolean;
  log?: string;
  labels?: string;
  html?: string;
  write?: boolean;
}

/** Declares the verb of experiments. */
export function declareExperiment(program: Command, choose: Choose): void {
  declareVerb(program, 'experiment <model>', 'Say what the experiment of a model shows so far')
    .option('--labels <file>', 'parquet or csv; default the data of the events')
    .option('--log <folder>', 'the prediction log; default the one in the state folder')
    .option('--html <file>', 'write the page with the intervals')
    .option('--write', 'write experiment.json from the definition instead, for services to follow')
    .action((name: string, o: ExperimentFlags) => {
      const { log = null, labels = null, html = null } = o;
      if (o.write === true && (log ?? labels ?? html) !== null) {
        const received = '--write and --log, --labels or --html';
        throw new InputError({ path: 'experiment', received, allowed: '--write alone', action: 'leave one out' });
      }
      choose(o.json, async (context) => {
        if (o.write === true) {
          const { pinExperiment } = await import('./experiment/pin-experiment.ts');
          return onModel(context, name, pinExperiment);
        }
        const { experimentVerb } = await import('./verbs/experiment.ts');
        // Not alone: it changes nothing, and may be asked while the model is trained.
        const { loadModel } = await import('./workspace.ts');
        return experimentVerb(context, await loadModel(context.workspace, name), { log, labels, html });
      });
    });
}
