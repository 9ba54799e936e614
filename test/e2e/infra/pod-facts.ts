import { outputOf } from './run-command.ts';

/** What the kernel says about the one process of a pod, and what it may write. */
export interface PodFacts {
  readonly uid: number;
  /** Effective capabilities, hexadecimal. */
  readonly capabilities: string;
  /** 2: a filter. */
  readonly seccomp: number;
  readonly noNewPrivileges: number;
  readonly commandOfFirst: string;
  /** Folders in which a file could be made. */
  readonly writable: readonly string[];
  /** Whether a token of the cluster lies in the pod. */
  readonly hasToken: boolean;
}

/** Runs inside the pod, whose image has Node and no shell. */
const script = `
const { readFileSync, writeFileSync, existsSync } = require('node:fs');
const status = readFileSync('/proc/1/status', 'utf8');
const of = (name) => new RegExp('^' + name + ':\\\\s+(\\\\S+)', 'm').exec(status)[1];
const writable = ['/', '/app', '/tmp', '/etc/causeway/keys', '/app/.causeway'].filter((folder) => {
  try { writeFileSync(folder + '/probe', ''); return true; } catch { return false; }
});
console.log(JSON.stringify({
  uid: Number(of('Uid')), capabilities: of('CapEff'), seccomp: Number(of('Seccomp')), noNewPrivileges: Number(of('NoNewPrivs')),
  commandOfFirst: readFileSync('/proc/1/cmdline', 'utf8').split('\\0')[0], writable,
  hasToken: existsSync('/var/run/secrets/kubernetes.io/serviceaccount/token'),
}));`;

/** Asks a container of containerd directly where its address is known, else through the cluster. */
export async function podFacts(pod: { name: string; namespace: string; containerId: string }): Promise<PodFacts> {
  const command = ['/app/bin/node', '-e', script];
  const address = process.env.CONTAINERD_ADDRESS;
  const text =
    address === undefined
      ? await outputOf('kubectl', 'exec', '-n', pod.namespace, pod.name, '--', ...command)
      : await outputOf(
          'ctr',
          '-a',
          address,
          '-n',
          'k8s.io',
          'tasks',
          'exec',
          '--exec-id',
          `facts-${process.pid}`,
          pod.containerId,
          ...command,
        );
  return JSON.parse(text) as PodFacts;
}
