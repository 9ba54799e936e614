import { resolve } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { nameSchema } from '@repo/contract/name';
import { parseOrThrow } from '@repo/contract/parse';
import type { Command } from 'commander';
import { type Choose, declareVerb } from './declare-verb.ts';
import { onReleases } from './on-model.ts';
import { commitSchema } from './report-envelope.ts';

interface RecordFlags {
  json?: boolean;
  environment: string;
  head: string;
  run?: string;
}

/** The page of a run on GitHub, or on a server of one's own. */
const runForm = /^https?:\/\/[\w.:-]{1,200}\/[\w./-]{1,200}\/actions\/runs\/\d{1,20}$/;

function checkedRun(url: string | undefined): string | null {
  if (url === undefined || runForm.test(url)) return url ?? null;
  const allowed = 'https://<host>/<owner>/<name>/actions/runs/<number>';
  throw new InputError({ path: '--run', received: show(url), allowed, action: 'correct it, or leave it out' });
}

/** Declares the verb that says on GitHub how a release ended. */
export function declareRecord(program: Command, choose: Choose): void {
  declareVerb(program, 'record <model> <file>', 'Say on GitHub how a release ended that causeway watch --json saw')
    .requiredOption('--environment <name>', 'where it was released, such as staging')
    .requiredOption('--head <sha>', 'the commit that was released')
    .option('--run <url>', 'page of the run that released it')
    .action((name: string, file: string, o: RecordFlags) => {
      const environment = parseOrThrow(nameSchema, o.environment, '--environment');
      const headSha = parseOrThrow(commitSchema, o.head, '--head');
      const options = { environment, headSha, runUrl: checkedRun(o.run) };
      choose(o.json, async (context) => {
        const { recordVerb } = await import('./verbs/record.ts');
        const path = resolve(context.workingDir, file);
        return onReleases(context, name, (on, model) => recordVerb(on, model, path, options));
      });
    });
}
