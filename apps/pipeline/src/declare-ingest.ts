import { InputError, show } from '@repo/contract/input-error';
import { type Command, Option } from 'commander';
import { type Choose, declareVerb } from './declare-verb.ts';

interface IngestFlags {
  json?: boolean;
  follow?: boolean;
  kind?: 'jsonl' | 'csv';
  group?: string;
}

/** Declares the verb that brings data in. */
export function declareIngest(program: Command, choose: Choose): void {
  declareVerb(program, 'ingest <source> [from]', 'Turn raw files into a typed snapshot, or append batches to it')
    .option(
      '--follow',
      'go on with what comes into the folder or stream, until stopped, and keep the online store as new',
    )
    .option('--group <name>', 'consumer group of a stream; default causeway')
    .addOption(new Option('--kind <kind>', 'what standard input (-) holds; default jsonl').choices(['jsonl', 'csv']))
    .action((name: string, from: string | undefined, o: IngestFlags) => {
      const { follow = false, kind, group } = o;
      const refuse = (received: string, allowed: string, action: string): never => {
        throw new InputError({ path: 'ingest', received, allowed, action });
      };
      if (follow && (from === undefined || from === '-'))
        refuse(
          `--follow and ${from === undefined ? 'no folder' : show(from)}`,
          'a folder or stream to follow',
          'name one',
        );
      const isStream = from !== undefined && /^rediss?:/.test(from);
      if (isStream && !follow)
        refuse('a stream without --follow', 'a stream with --follow', 'add --follow: it has no end');
      if (group !== undefined && !isStream)
        refuse('--group without a stream', '--group with redis://<host>/<database>/<stream>', 'leave it out');
      if (kind !== undefined && from !== '-')
        refuse(`--kind and ${show(from)}`, '--kind with -', 'leave it out: a file says by its ending what it holds');
      choose(o.json, async (context) => {
        if (from === undefined) return (await import('./verbs/ingest.ts')).ingestVerb(context, name);
        const { ingestBatches } = await import('./verbs/ingest-batches.ts');
        return ingestBatches(context, name, { from, follow, kind: kind ?? 'jsonl', group: group ?? 'causeway' });
      });
    });
}
