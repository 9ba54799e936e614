import { unknownCommands } from './unknown-commands.ts';
import { workflowFiles } from './workflow-files.ts';
import type { Rule, Workspace } from './workspace.ts';

const mostLines = 5;
/** What a step may start: this workspace's commands, and a few words of the shell. Longer logic is TypeScript with a test. */
const programs = /^(?:npm|npx (?:nx|causeway)|node \S+\.ts|cat|echo|exit|tee|test|\[\[)(?= |$)/;

/** Commands of a script, one each: pipes and `&&` part them, and what is done with their output is left out. */
const commandsIn = (script: string): string[] =>
  script
    .split(/\n|&&|\|\||\||;/)
    .map((command) => command.trim())
    .filter((command) => command !== '' && !command.startsWith('#'));

function scriptProblems(workspace: Workspace, script: string): string[] {
  const lines = script.trimEnd().split('\n').length;
  const long =
    lines > mostLines ? [`a run of ${lines} lines; at most ${mostLines}, the rest is a program with a test`] : [];
  const strange = commandsIn(script)
    .filter((command) => !programs.test(command))
    .map((command) => `${command} is no command of this workspace; make it one`);
  const files = [...script.matchAll(/\bnode (\S+\.ts)/g)].map((match) => match[1] as string);
  const missing = [...unknownCommands(workspace, script), ...files.filter((file) => !workspace.files.includes(file))];
  return [
    ...long,
    ...strange,
    ...missing.map((what) => `names ${what}, which does not exist; correct it or take it out`),
  ];
}

const check = (workspace: Workspace): string[] =>
  workflowFiles(workspace).flatMap(({ path, steps }) =>
    steps.flatMap(({ run = '' }) => scriptProblems(workspace, run)).map((what) => `${path}: ${what}`),
  );

/** A step runs a command that a person can type, and the command exists. */
export const workflowCommands: Rule = { name: 'workflow-commands', check };
