import { spawn } from 'node:child_process';
import { InputError, show } from '@repo/contract/input-error';

/** How a program ended: its exit code, or null and why it was stopped, with the end of what it wrote. */
export interface ProgramEnd {
  code: number | null;
  /** Null when it ended by itself. */
  stopped: string | null;
  /** The last 4000 characters of both streams, which most often hold the reason. */
  tail: string;
}

const tailLength = 4000;

function notFound(command: readonly string[], cause: Error): InputError {
  return new InputError({
    path: 'training.command',
    received: show(command),
    allowed: 'a program that can be run',
    action: `install it or correct the command (${cause.message})`,
  });
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // Nothing of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Runs a program in `folder` and waits for it. After `timeoutMs`, or when this process is interrupted, it is killed with all that it started.
 * Throws InputError when it cannot be started.
 */
export async function runProgram(command: readonly string[], folder: string, timeoutMs: number): Promise<ProgramEnd> {
  const [program, ...rest] = command as [string, ...string[]];
  // A process group of its own, so that what the program started goes with it.
  const child = spawn(program, rest, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const end: ProgramEnd = { code: null, stopped: null, tail: '' };
  const stop = (reason: string) => {
    end.stopped = reason;
    killGroup(child.pid);
  };
  const interrupt = (signal: string) => stop(`was interrupted (${signal})`);
  const timer = setTimeout(() => stop(`was stopped after ${timeoutMs} ms`), timeoutMs);
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      end.tail = (end.tail + text).slice(-tailLength);
    });
  }
  try {
    return await new Promise<ProgramEnd>((resolve, reject) => {
      child.once('error', (cause) => reject(notFound(command, cause)));
      child.once('close', (code, signal) => {
        if (signal !== null) end.stopped ??= `was ended by ${signal}`;
        resolve({ ...end, code });
      });
    });
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
