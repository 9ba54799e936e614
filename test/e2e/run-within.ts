import { spawn } from 'node:child_process';

/**
 * Runs a command with this process's output and ends it, with all that it started, once the budget is spent.
 * @returns its exit code, or null when it was ended.
 */
export async function runWithin(budgetS: number, command: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const end = (): void => {
    // A group of its own, so that servers and trainers started by a test go with it.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const timer = setTimeout(end, budgetS * 1000);
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject).once('exit', resolve);
    });
  } finally {
    clearTimeout(timer);
    process.removeListener('SIGINT', end).removeListener('SIGTERM', end);
  }
}
