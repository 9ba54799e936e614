import { resolve } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { parseInstant } from '@repo/contract/instant';
import type { Model } from '@repo/contract/model';
import { parseOrThrow } from '@repo/contract/parse';
import { Command, CommanderError, Option } from 'commander';
import type { Context } from './context.ts';
import { declareExperiment } from './declare-experiment.ts';
import { declareIngest } from './declare-ingest.ts';
import { declareMonitor } from './declare-monitor.ts';
import { declarePromotion } from './declare-promotion.ts';
import { declareRecord } from './declare-record.ts';
import { declareReleases } from './declare-releases.ts';
import { declareRetrain } from './declare-retrain.ts';
import { declareScore } from './declare-score.ts';
import { type Choose, declareVerb, type Invocation } from './declare-verb.ts';
import { onModel } from './on-model.ts';
import type { Outcome } from './outcome.ts';
import { commitSchema } from './report-envelope.ts';
import { wholeNumber } from './whole-number.ts';

/** Either something to run, or text to print and leave with 0: help. */
export type Parsed = Invocation | { help: string };

type Stage = (context: Context, model: Model) => Promise<Outcome>;

function declareStage(program: Command, choose: Choose, name: string, about: string, load: () => Promise<Stage>): void {
  declareVerb(program, `${name} <model>`, about).action((model: string, o: { json?: boolean }) =>
    choose(o.json, async (context) => onModel(context, model, await load())),
  );
}

// Verbs are imported when they run: help and wrong command lines need neither DuckDB nor onnxruntime.
function declareStages(program: Command, choose: Choose): void {
  const stages = [
    [
      'validate',
      'Hold the data of a model to its contract',
      async () => (await import('./verbs/validate.ts')).validateStage,
    ],
    [
      'features',
      'Join the features of a model as they were known at each cut-off',
      async () => (await import('./verbs/features.ts')).featuresStage,
    ],
    [
      'train',
      'Train a model, measure it, write its bundle and report',
      async () => (await import('./verbs/train.ts')).trainStage,
    ],
  ] as const;
  for (const [name, about, load] of stages) declareStage(program, choose, name, about, load);
}

function declareMaterialize(program: Command, choose: Choose): void {
  declareVerb(program, 'materialize [model]', 'Fill the online store with the features known at a moment')
    .option('--all', 'the views of every model')
    .option('--if-empty', 'leave views alone that the store holds already')
    .requiredOption('--at <time>', 'the moment, such as 2013-12-24T16:00:00Z, or now')
    .action((model: string | undefined, o: { json?: boolean; all?: boolean; ifEmpty?: boolean; at: string }) => {
      if ((model === undefined) !== (o.all === true)) {
        throw new InputError({
          path: 'materialize',
          received: model === undefined ? 'neither a model nor --all' : `${show(model)} and --all`,
          allowed: 'one model, or --all',
          action: 'give one of the two',
        });
      }
      // A job has no shell that could write the time.
      const atUs = o.at === 'now' ? null : parseInstant(o.at, '--at');
      choose(o.json, async (context) => {
        const { materializeVerb } = await import('./verbs/materialize.ts');
        const options = { atUs: atUs ?? context.nowUs, ifEmpty: o.ifEmpty === true };
        return materializeVerb(context, model ?? null, options);
      });
    });
}

interface ReportFlags {
  json?: boolean;
  head: string;
  make?: string;
  preview?: string;
  pullRequest?: string;
  conclusion?: string;
}

function declareReport(program: Command, choose: Choose): void {
  declareVerb(program, 'report <folder>', 'Say on GitHub what the gates found on a pull request')
    .requiredOption('--head <sha>', 'the commit that was judged')
    .option(
      '--make <models>',
      'write the envelope of these models (a,b) into the folder instead, for a run that may write',
    )
    .option('--preview <file>', 'write the envelope of what npm run render found instead')
    .option('--pull-request <number>', 'what the envelope claims')
    .addOption(new Option('--conclusion <word>', 'how the run ended that judged it').choices(['success', 'failure']))
    .action((folder: string, o: ReportFlags) => {
      const headSha = parseOrThrow(commitSchema, o.head, '--head');
      const pullRequest = o.pullRequest === undefined ? null : wholeNumber(o.pullRequest, '--pull-request');
      choose(o.json, async (context) => {
        const path = resolve(context.workingDir, folder);
        if (o.make !== undefined && o.preview !== undefined) {
          const received = '--make and --preview';
          throw new InputError({ path: 'report', received, allowed: 'one of the two', action: 'leave one out' });
        }
        if (o.make === undefined && o.preview === undefined)
          return (await import('./verbs/report.ts')).reportVerb(context, path, headSha, o.conclusion !== 'failure');
        const { makeEnvelope, makePreviewEnvelope } = await import('./make-envelope.ts');
        if (o.make !== undefined)
          return makeEnvelope(context, path, { models: o.make.split(','), headSha, pullRequest });
        return makePreviewEnvelope(path, resolve(context.workingDir, o.preview as string), { headSha, pullRequest });
      });
    });
}

function declareGate(program: Command, choose: Choose): void {
  declareVerb(program, 'gate <model>', 'Judge a candidate by every gate against the champion, and write the report')
    .option('--candidate <folder>', 'a trained bundle; default what is trained from this checkout')
    .option('--champion <version>', 'compare with this version; default the committed champion')
    .option('--base <commit>', 'compare with the champion of this commit, and judge a new champion of this checkout')
    .option('--rebuild', 'also train a second time and compare the bytes')
    .addOption(new Option('--report-only', 'exit with 0 whatever the verdict, as the target of Nx does').hideHelp())
    .action(
      (name: string, o: Record<'base' | 'candidate' | 'champion', string | undefined> & Record<string, boolean>) => {
        if (o.base !== undefined && (o.candidate ?? o.champion) !== undefined) {
          throw new InputError({
            path: 'gate',
            received: '--base and --candidate or --champion',
            allowed: '--base alone, which decides about both',
            action: 'give one of the two',
          });
        }
        const options = {
          base: o.base ?? null,
          candidate: o.candidate ?? null,
          champion: o.champion === undefined ? null : wholeNumber(o.champion, '--champion'),
          rebuild: o.rebuild === true,
          reportOnly: o.reportOnly === true,
        };
        choose(o.json, async (context) => {
          const { gateStage } = await import('./verbs/gate.ts');
          return onModel(context, name, (its, model) => gateStage(its, model, options));
        });
      },
    );
}

function toInputError(error: CommanderError, program: Command): InputError {
  const verbs = program.commands.map((c) => c.name()).join(', ');
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const allowed = error.code === 'commander.unknownCommand' ? verbs : 'what causeway <verb> --help shows';
  return new InputError({ path: 'command line', received: message, allowed, action: 'correct the command' });
}

/** Understands a command line (without node and script). Throws InputError for unknown verbs and flags and for missing arguments. */
export function parseCommandLine(args: readonly string[]): Parsed {
  let parsed: Parsed | undefined;
  let help = '';
  const choose: Choose = (json, run) => {
    parsed = { json: json === true, run };
  };
  const program = new Command('causeway')
    .description('One verb for each stage between raw data and a served model.')
    .helpCommand(false);
  program.exitOverride().configureOutput({ writeOut: (text) => (help += text), writeErr: () => {} });
  declareIngest(program, choose);
  declareStages(program, choose);
  declareGate(program, choose);
  const register = 'Put the trained bundle into the registry as the next version';
  declareStage(program, choose, 'register', register, async () => (await import('./verbs/register.ts')).registerStage);
  declarePromotion(program, choose);
  declareReleases(program, choose);
  declareExperiment(program, choose);
  declareMonitor(program, choose);
  declareRetrain(program, choose);
  declareReport(program, choose);
  declareRecord(program, choose);
  declareMaterialize(program, choose);
  declareScore(program, choose);
  declareVerb(program, 'models', 'List the models, their champions and what is wrong with them').action(
    (o: { json?: boolean }) =>
      choose(o.json, async (context) => (await import('./verbs/models.ts')).modelsVerb(context)),
  );
  for (const command of program.commands) command.copyInheritedSettings(program);
  if (args.length === 0) {
    throw new InputError({
      path: 'command line',
      received: 'no verb',
      allowed: program.commands.map((c) => c.name()).join(', '),
      action: 'name one; causeway --help tells more',
    });
  }
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw toInputError(error, program);
  }
  return parsed ?? { help };
}
