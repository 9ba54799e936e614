import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
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

/** Resolves once `kubectl proxy` says that it serves. */
async function listening(proxy: ChildProcess): Promise<void> {
  const said: string[] = [];
  if (proxy.stderr !== null) createInterface({ input: proxy.stderr }).on('line', (line) => said.push(line));
  return new Promise((resolve, reject) => {
    proxy.once('error', ({ message }) => reject(cannotStart(message)));
    proxy.once('close', (code) => reject(cannotStart(`exit code ${code}: ${said.join(' ')}`)));
    if (proxy.stdout === null) return;
    createInterface({ input: proxy.stdout }).on('line', (line) => {
      if (line.startsWith('Starting to serve')) resolve();
    });
  });
}

/** Asks over a socket of this machine; rejects when no whole answer comes within 10 s. */
const ask = (socketPath: string, path: string): ReturnType<ClusterGet> =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(10_000);
    request({ socketPath, path, signal, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
    }).once('error', reject);
  });

/**
 * Gives `work` the cluster's API for as long as it runs: through `kubectl proxy`, which knows every way to sign in that a kubeconfig may
 * ask for, on a socket that only this user may open: a port would let everyone on this machine do what the kubeconfig may. Throws
 * InputError when kubectl is not here.
 */
export async function withClusterApi<T>(kubeconfig: string, work: (get: ClusterGet) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-kubeconfig-'));
  const file = join(folder, 'config');
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  // mkdtemp makes the folder for this user alone.
  const socketPath = join(folder, 'api.sock');
  const args = ['proxy', '--kubeconfig', file, `--unix-socket=${socketPath}`];
  const proxy = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => {
    proxy.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  try {
    await listening(proxy);
    return await work((path) => ask(socketPath, path));
  } finally {
    process.removeListener('exit', stop);
    stop();
  }
}
