import { InputError } from '@repo/contract/input-error';
import { StageFailure } from '@repo/contract/stage-failure';
import { readGithubAccess } from '@repo/github/github-access';
import { explainRefusal } from './explain-refusal.ts';
import { parseCommandLine } from './program.ts';
import { createProgress, type ProgressStream } from './progress.ts';
import { findWorkspace } from './workspace.ts';

/** What a command sees of the process that it runs in. */
export interface Surroundings {
  workingDir: string;
  /** CAUSEWAY_STATE, ONLINE_STORE, and for some verbs what GitHub and the cluster are reached by. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Takes the outcome and nothing else. */
  stdout: { write(text: string): unknown };
  /** Takes progress and errors. */
  stderr: ProgressStream;
  nowUs: number;
  /** Resolves when somebody wants the command to end. Default: nobody does. */
  untilStopped?: () => Promise<void>;
  /** All that comes on standard input. Default: nothing. */
  readStandardInput?: () => Promise<string>;
  /** Length of a second in the pauses between requests to GitHub; tests shorten it. Default 1,000. */
  githubSecondMs?: number;
}

/**
 * Runs one command line (without node and script) and answers its exit code: 0 pass, 1 fail, 2 wrong use, bad input or a folder that the
 * operating system refuses, 3 cannot be told yet. Anything else that is thrown is a defect of the program and passes on.
 */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { workingDir, environment, stdout, stderr, nowUs, githubSecondMs: secondMs = 1_000 } = surroundings;
  const progress = createProgress(stderr);
  try {
    const parsed = parseCommandLine(args);
    if ('help' in parsed) {
      stdout.write(parsed.help);
      return 0;
    }
    const { CAUSEWAY_STATE: stateUrl = 'file:.causeway/state', ONLINE_STORE: onlineStore } = environment;
    const workspace = findWorkspace(workingDir);
    const githubAccess = () => {
      const access = readGithubAccess(environment);
      return access === null ? null : { ...access, secondMs };
    };
    const { untilStopped = () => new Promise<void>(() => {}), readStandardInput = async () => '' } = surroundings;
    const reached = { githubAccess, environment, untilStopped, readStandardInput, stderr };
    const context = { workspace, progress, workingDir, stateUrl, onlineStore, nowUs, ...reached };
    const outcome = await parsed.run(context);
    progress.stop();
    stdout.write(`${parsed.json ? JSON.stringify(outcome.json) : outcome.text}\n`);
    return outcome.exitCode;
  } catch (cause) {
    progress.stop();
    const error = explainRefusal(cause) ?? cause;
    if (!(error instanceof InputError || error instanceof StageFailure)) throw error;
    stderr.write(`causeway: ${error.message}\n`);
    return error instanceof InputError ? 2 : 1;
  }
}
