import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { demoEnvironment } from './demo-environment.ts';
import { checkoutDir } from './demo-workspace.ts';

/** How a command ended: its exit code, and what it printed as JSON (null: it printed none). */
export interface CausewayEnd {
  readonly exitCode: number;
  readonly json: Record<string, unknown> | null;
  /** The last lines that it wrote to standard error. */
  readonly lastWords: string;
}

/** Lines of standard error that are kept: enough for the trace of a defect. */
const mostWords = 12;

/** Where a command runs, and who hears of its progress. */
export interface CausewayOptions {
  /** Folder of the workspace. */
  readonly root: string;
  readonly stateDir: string;
  /** Each line of progress. */
  readonly say?: (line: string) => void;
}

/**
 * Runs `causeway <args> --json` as a person would, in a process of its own. Throws Error with its last words where it is used wrongly (exit
 * code 2) or ends without a result; a verdict that is red is a result.
 */
export async function runCauseway(options: CausewayOptions, args: readonly string[]): Promise<CausewayEnd> {
  const main = join(checkoutDir, 'apps/pipeline/src/main.ts');
  const child = spawn(process.execPath, [main, ...args, '--json'], {
    cwd: options.root,
    env: demoEnvironment({ CAUSEWAY_STATE: `file:${options.stateDir}` }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A demo that ends in any way leaves no command behind.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
  const words: string[] = [];
  const listening = (async () => {
    for await (const line of createInterface({ input: child.stderr })) {
      words.push(line);
      options.say?.(line);
    }
  })();
  const output = await text(child.stdout);
  await listening;
  const exitCode = await ended;
  process.off('exit', end);
  const lastWords = words.slice(-mostWords).join('\n');
  const line = output.trim().split('\n').at(-1) ?? '';
  const json = line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : null;
  if (exitCode === 2 || json === null)
    throw new Error(`causeway ${args.join(' ')} ended with ${exitCode}: ${lastWords}`);
  return { exitCode, json, lastWords };
}
