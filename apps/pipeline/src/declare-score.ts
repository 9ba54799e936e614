import { parseInstant } from '@repo/contract/instant';
import type { Command } from 'commander';
import { type Choose, declareVerb } from './declare-verb.ts';
import { wholeNumber } from './whole-number.ts';

interface ScoreFlags {
  json?: boolean;
  out?: string;
  version?: string;
  at?: string;
}

/** Declares the verb of batch scoring. */
export function declareScore(program: Command, choose: Choose): void {
  declareVerb(program, 'score <model> <file>', 'Answer every row of a table: requests, or features that are ready')
    .option('--out <file>', 'parquet, csv or jsonl; default <file>.scored beside the file')
    .option('--version <number>', 'answer with this version; default the champion')
    .option('--at <time>', 'leave out what became known after this moment, such as 2013-12-24T16:00:00Z')
    .action((name: string, file: string, o: ScoreFlags) => {
      const options = {
        file,
        out: o.out ?? null,
        version: o.version === undefined ? null : wholeNumber(o.version, '--version'),
        atUs: o.at === undefined ? null : parseInstant(o.at, '--at'),
      };
      choose(o.json, async (context) => {
        const { scoreVerb } = await import('./verbs/score.ts');
        return scoreVerb(context, name, options);
      });
    });
}
