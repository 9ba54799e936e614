import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Parent of a process by Linux's /proc, or null when it has just gone. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // pid (name) state parent ...; the name may hold anything, parentheses too.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** A process and all that it started, in groups and sessions of their own or not. Elsewhere than on Linux: the process alone. */
function familyOf(root: number): number[] {
  const pids = existsSync('/proc/self/stat') ? readdirSync('/proc').map(Number).filter(Number.isInteger) : [];
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  const family = [root];
  // The list grows while it is walked: each member adds its children.
  for (const member of family) family.push(...pids.filter((pid) => parents.get(pid) === member));
  return family;
}

function end(pid: number): void {
  for (const member of familyOf(pid)) {
    try {
      process.kill(member, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

/**
 * Runs a command with this process's output and ends it, with all that it started, once the budget is spent.
 * @returns its exit code, or null when it was ended.
 */
export async function runWithin(budgetS: number, command: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const stop = (): void => {
    if (child.pid !== undefined && child.exitCode === null) end(child.pid);
  };
  const timer = setTimeout(stop, budgetS * 1000);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject).once('exit', resolve);
    });
  } finally {
    clearTimeout(timer);
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
  }
}
