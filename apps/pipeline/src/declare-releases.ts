import { InputError } from '@repo/contract/input-error';
import type { Command } from 'commander';
import { type Choose, declareVerb } from './declare-verb.ts';
import { wholeNumber } from './whole-number.ts';

/** Where models run unless told otherwise: the namespace that the program serving makes. */
const namespace = 'models';

interface JudgeFlags {
  json?: boolean;
  serve?: boolean;
  port?: string;
  host: string;
  prometheus: string;
  namespace: string;
  stable?: string;
  canary?: string;
  since?: string;
}

const flagged = (received: string, allowed: string): InputError =>
  new InputError({ path: 'judge', received, allowed, action: 'correct the command' });

function declareJudge(program: Command, choose: Choose): void {
  declareVerb(program, 'judge [model]', 'Compare a canary with the stable pods beside it')
    .requiredOption('--prometheus <url>', 'where their metrics are')
    .option('--namespace <name>', 'where they run', namespace)
    .option('--stable <hash>', 'pod template hash of the stable side')
    .option('--canary <hash>', 'pod template hash of the canary')
    .option('--since <time>', 'since when is counted; default 15 s after the newest pod of the canary was made')
    .option('--serve', 'answer Argo Rollouts instead, until stopped')
    .option('--port <number>', 'where to answer')
    .option('--host <address>', 'address to answer at', '127.0.0.1')
    .action((model: string | undefined, o: JudgeFlags) => {
      if (o.serve === true) {
        if (model !== undefined) throw flagged(`${model} and --serve`, '--serve alone, for every model');
        if (o.port === undefined) throw flagged('--serve without --port', '--serve --port <number>');
        const options = { ...o, port: wholeNumber(o.port, '--port') };
        return choose(o.json, async (context) => (await import('./verbs/serve-judge.ts')).serveJudge(context, options));
      }
      const { stable, canary, since = null } = o;
      if (model === undefined) throw flagged('no model', 'a model, or --serve');
      if (stable === undefined || canary === undefined) throw flagged('one side', '--stable <hash> --canary <hash>');
      const options = { ...o, stable, canary, since };
      return choose(o.json, async (context) => (await import('./verbs/judge.ts')).judgeVerb(context, model, options));
    });
}

interface WatchFlags {
  json?: boolean;
  namespace: string;
  deadline?: string;
}

function declareWatch(program: Command, choose: Choose): void {
  declareVerb(program, 'watch <model>', 'Follow the release of a model on a cluster to its end')
    .option('--namespace <name>', 'where it runs', namespace)
    .option('--deadline <seconds>', 'when to stop; default ten minutes after the deadline of the definition')
    .action((model: string, o: WatchFlags) => {
      const deadlineS = o.deadline === undefined ? null : wholeNumber(o.deadline, '--deadline');
      const options = { namespace: o.namespace, deadlineS };
      choose(o.json, async (context) => (await import('./verbs/watch.ts')).watchVerb(context, model, options));
    });
}

/** Declares the verbs that go with a release on a cluster. */
export function declareReleases(program: Command, choose: Choose): void {
  declareJudge(program, choose);
  declareWatch(program, choose);
}
