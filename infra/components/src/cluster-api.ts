import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InputError } from '@repo/contract/input-error';

/** Reads a path of the cluster's API, such as `/version`. */
export type ClusterGet = (path: string) => Promise<{ readonly status: number; readonly text: string }>;

const cannotStart = (received: string): InputError =>
  new InputError({
    path: 'kubectl',
    received,
    allowed: 'kubectl on PATH and a cluster that answers',
    action: 'install it, or look at the kubeconfig of the program cluster',
  });

/** The address that `kubectl proxy` says it serves on. */
async function listening(proxy: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (proxy.stderr !== null) createInterface({ input: proxy.stderr }).on('line', (line) => said.push(line));
  return new Promise((resolve, reject) => {
    proxy.once('error', ({ message }) => reject(cannotStart(message)));
    proxy.once('exit', (code) => reject(cannotStart(`exit code ${code}: ${said.join(' ')}`)));
    if (proxy.stdout === null) return;
    createInterface({ input: proxy.stdout }).on('line', (line) => {
      const address = /(127\.0\.0\.1:\d+)$/.exec(line)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
  });
}

/**
 * Gives `work` the cluster's API for as long as it runs: through `kubectl proxy`, which knows every way to sign in that a kubeconfig may
 * ask for. Throws InputError when kubectl is not here.
 */
export async function withClusterApi<T>(kubeconfig: string, work: (get: ClusterGet) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-kubeconfig-'));
  const file = join(folder, 'config');
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  const proxy = spawn('kubectl', ['proxy', '--kubeconfig', file, '--port=0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => {
    proxy.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  try {
    const address = await listening(proxy);
    return await work(async (path) => {
      const response = await fetch(`${address}${path}`, { signal: AbortSignal.timeout(10_000) });
      return { status: response.status, text: await response.text() };
    });
  } finally {
    process.removeListener('exit', stop);
    stop();
  }
}
