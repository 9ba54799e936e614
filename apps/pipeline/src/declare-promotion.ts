import { resolve } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import type { Command } from 'commander';
import { type Choose, declareVerb } from './declare-verb.ts';
import { onReleases } from './on-model.ts';
import { wholeNumber } from './whole-number.ts';

/** Declares the verbs that move the champion. */
export function declarePromotion(program: Command, choose: Choose): void {
  declareVerb(program, 'promote <model>', 'Make a version the champion that its gates let pass')
    .option('--version <number>', 'version in the registry')
    .option('--proposal <folder>', 'the version that causeway retrain --out laid there')
    .action((model: string, o: { json?: boolean; version?: string; proposal?: string }) => {
      const { version, proposal } = o;
      if ((version === undefined) === (proposal === undefined)) {
        const received = version === undefined ? 'neither --version nor --proposal' : '--version and --proposal';
        throw new InputError({ path: 'promote', received, allowed: 'one of the two', action: 'name what to promote' });
      }
      const number = version === undefined ? null : wholeNumber(version, '--version');
      choose(o.json, async (context) => {
        const { promoteVerb, promoteProposal } = await import('./verbs/promote.ts');
        return onReleases(context, model, (on, name) =>
          number === null
            ? promoteProposal(on, name, resolve(on.workingDir, proposal as string))
            : promoteVerb(on, name, { version: number }),
        );
      });
    });
  declareVerb(program, 'rollback <model>', 'Go back to the champion before')
    .option('--version <number>', 'an earlier champion')
    .action((model: string, o: { json?: boolean; version?: string }) => {
      const options = { version: o.version === undefined ? null : wholeNumber(o.version, '--version') };
      choose(o.json, async (context) => {
        const { rollbackVerb } = await import('./verbs/rollback.ts');
        return onReleases(context, model, (on, name) => rollbackVerb(on, name, options));
      });
    });
}
