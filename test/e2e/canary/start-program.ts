import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that runs until it is stopped. */
export interface Running {
  /** All lines that it has written. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** Starts a program and resolves once a line of it matches; rejects with what it said when it ends before, or after `limitMs`. */
export async function startProgram(
  command: string,
  args: readonly string[],
  ready: RegExp,
  { env, cwd, limitMs = 30_000 }: { env?: NodeJS.ProcessEnv; cwd?: string; limitMs?: number } = {},
): Promise<Running & { readonly readyLine: string }> {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd });
  const lines: string[] = [];
  const found = Promise.withResolvers<string>();
  const fail = (why: string) => found.reject(new Error(`${command}: ${why}\n${lines.join('\n')}`));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (ready.test(line)) found.resolve(line);
    });
  }
  child.once('error', ({ message }) => fail(message)).once('exit', (code) => fail(`exit code ${code}`));
  const timer = setTimeout(() => fail(`not ready within ${limitMs} ms`), limitMs);
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    const hard = setTimeout(kill, 5000);
    await ended;
    clearTimeout(hard);
  };
  try {
    return { readyLine: await found.promise, lines, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
