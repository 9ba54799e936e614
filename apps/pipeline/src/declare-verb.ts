import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { Outcome } from './outcome.ts';

/** A command line that was understood: the verb to run, and whether its outcome is wanted as JSON. */
export interface Invocation {
  json: boolean;
  run(context: Context): Promise<Outcome>;
}

/** Takes the one verb that a command line names. */
export type Choose = (json: boolean | undefined, run: Invocation['run']) => void;

/** Declares a verb, which like all of them can print its outcome as JSON. */
export function declareVerb(program: Command, usage: string, about: string): Command {
  return program.command(usage).description(about).option('--json', 'print the outcome as JSON');
}
