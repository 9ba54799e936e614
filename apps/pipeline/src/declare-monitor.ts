import { type Duration, durationSchema } from '@repo/contract/duration';
import { parseInstant } from '@repo/contract/instant';
import { parseOrThrow } from '@repo/contract/parse';
import type { Command } from 'commander';
import { type Choose, declareVerb } from './declare-verb.ts';

interface MonitorFlags {
  json?: boolean;
  log?: string;
  labels?: string;
  at?: string;
  window?: string;
  replay?: boolean;
}

/** Declares the verb that watches a model. */
export function declareMonitor(program: Command, choose: Choose): void {
  declareVerb(program, 'monitor <model>', 'Say how a model does on live traffic, and what pages')
    .option('--log <folder>', 'the prediction log; default the one in the state folder')
    .option('--labels <path>', 'parquet or csv, or a folder of them; default the table of the events')
    .option('--at <time>', 'nothing later is looked at, such as 2013-12-24T16:00:00Z; default now')
    .option('--window <span>', 'length of a window, such as 6h or 1d; default monitoring.quality.window')
    .option('--replay', 'place answers at their cut-off, not when they were logged: the past was replayed')
    .action((name: string, o: MonitorFlags) => {
      const { log = null, labels = null, at = 'now' } = o;
      const atUs = at === 'now' ? null : parseInstant(at, '--at');
      const window: Duration | null =
        o.window === undefined ? null : parseOrThrow(durationSchema, o.window, '--window');
      const clock = o.replay === true ? 'cutoff' : 'log';
      choose(o.json, async (context) => {
        const { monitorVerb } = await import('./verbs/monitor.ts');
        const { loadModel } = await import('./workspace.ts');
        const options = { log, labels, clock, window, atUs: atUs ?? context.nowUs } as const;
        return monitorVerb(context, await loadModel(context.workspace, name), options);
      });
    });
}
