import { InputError, show } from '@repo/contract/input-error';
import { parseInstant } from '@repo/contract/instant';
import type { Command } from 'commander';
import { type Choose, declareVerb } from './declare-verb.ts';

interface RetrainFlags {
  json?: boolean;
  at?: string;
  dryRun?: boolean;
  out?: string;
  force?: boolean;
  reason?: string;
}

/** The reason of a person; null where none asks. */
function askedBy({ force, reason }: RetrainFlags): string | null {
  if ((force === true) === (reason !== undefined)) {
    if (reason === undefined) return null;
    const text = reason.trim();
    if (text.length > 0 && text.length <= 500) return text;
  }
  const received =
    reason === undefined ? '--force alone' : `${force === true ? '--force ' : ''}--reason ${show(reason)}`;
  const allowed = '--force --reason <1 to 500 characters>, or neither';
  throw new InputError({ path: 'retrain', received, allowed, action: 'say why: it stands in the pull request' });
}

/** Declares the verb that trains a model again when there is a reason to. */
export function declareRetrain(program: Command, choose: Choose): void {
  declareVerb(
    program,
    'retrain <model>',
    'Train a model again if there is a reason to, and propose what passes its gates',
  )
    .option('--at <time>', 'decide as of this moment; default now')
    .option(
      '--out <folder>',
      'lay the proposal there instead of opening a pull request, for causeway promote --proposal',
    )
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--force', 'do it without a trigger, cool-down or budget; guards and gates stay')
    .option('--reason <text>', 'why, with --force')
    .action((model: string, o: RetrainFlags) => {
      const options = {
        atUs: o.at === undefined || o.at === 'now' ? null : parseInstant(o.at, '--at'),
        dryRun: o.dryRun === true,
        out: o.out ?? null,
        asked: askedBy(o),
      };
      choose(o.json, async (context) => (await import('./verbs/retrain.ts')).retrainVerb(context, model, options));
    });
}
