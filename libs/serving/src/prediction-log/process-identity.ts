import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process: its number alone is used again, by other processes and in every container. */
export interface ProcessIdentity {
  /** Boot and process namespace of a Linux kernel: where these agree, numbers mean the same. Elsewhere the name of the host. */
  readonly namespace: string;
  readonly pid: number;
  /** When it started, in the kernel's ticks, or `unknown`. */
  readonly started: string;
}

function namespaceHere(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** When a process of this namespace started, or null when there is none or it is dead and only not buried yet. */
function startOf(pid: number, namespace: string): string | null {
  try {
    if (namespace === hostname()) return process.kill(pid, 0) ? 'unknown' : null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // pid (name) state ...: the name may hold anything, parentheses too. The start is field 22, the 20th after the name.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'unknown' : null;
  }
}

/** Identity of this process. */
export function thisProcess(): ProcessIdentity {
  const namespace = namespaceHere();
  return { namespace, pid: process.pid, started: startOf(process.pid, namespace) ?? 'unknown' };
}

/** Whether a process runs: `unknown` when it belongs to another machine or container, which cannot be seen from here. */
export function stateOf({ namespace, pid, started }: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  if (namespace !== namespaceHere()) return 'unknown';
  const start = startOf(pid, namespace);
  return start !== null && (start === started || start === 'unknown') ? 'running' : 'gone';
}
