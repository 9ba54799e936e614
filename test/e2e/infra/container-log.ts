import { globSync, readFileSync } from 'node:fs';
import { runCommand } from './run-command.ts';

/** A line as the kubelet keeps it: time, stream, whether it is whole, and the text. */
const kept = /^\S+ (?:stdout|stderr) [FP] (.*)$/;

/** Lines that a container wrote: as the cluster tells them or, where its API does not reach the kubelet of this machine, as that has kept them. */
export async function containerLog(namespace: string, pod: string, container: string): Promise<string[]> {
  const { code, stdout, stderr } = await runCommand('kubectl', ['logs', '-n', namespace, pod, '-c', container]);
  if (code === 0) return stdout.split('\n');
  const [file] = globSync(`/var/log/pods/${namespace}_${pod}_*/${container}/0.log`);
  if (file === undefined) throw new Error(stderr);
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => kept.exec(line)?.[1] ?? '');
}
