import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InputError } from '@repo/contract/input-error';
import type { Cluster } from './cluster.ts';
import { requestText } from './request-text.ts';

const cannotStart = (received: string): InputError =>
  new InputError({
    path: 'kubectl',
    received,
    allowed: 'kubectl on PATH and a cluster that answers',
    action: 'install it, or set KUBECONFIG to the cluster of the release',
  });

/** Resolves once `kubectl proxy` says that it serves. */
function listening(proxy: ChildProcess): Promise<void> {
  const said: string[] = [];
  if (proxy.stderr !== null) createInterface({ input: proxy.stderr }).on('line', (line) => said.push(line));
  return new Promise((resolve, reject) => {
    proxy.once('error', ({ message }) => reject(cannotStart(message)));
    proxy.once('exit', (code) => reject(cannotStart(`exit code ${code}: ${said.join(' ')}`)));
    if (proxy.stdout === null) return;
    createInterface({ input: proxy.stdout }).on('line', (line) => {
      if (line.startsWith('Starting to serve')) resolve();
    });
  });
}

/**
 * The cluster that kubectl talks to, through `kubectl proxy`, which knows every way to sign in, on a socket that only this user may open. It is
 * started at the first question and again when it has ended. Reading rejects with InputError when it cannot be.
 */
export function createKubectlCluster(environment: Readonly<Record<string, string | undefined>>): Cluster {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-cluster-'));
  const socketPath = join(folder, 'api.sock');
  let proxy: ChildProcess | undefined;
  let ready: Promise<void> | undefined;
  const start = (): Promise<void> => {
    rmSync(socketPath, { force: true });
    proxy = spawn('kubectl', ['proxy', `--unix-socket=${socketPath}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment },
    });
    const started = listening(proxy);
    const forget = (): void => {
      if (ready === started) ready = undefined;
    };
    proxy.once('exit', forget).once('error', forget);
    return started;
  };
  const get: Cluster['get'] = async (path, headers = {}) => {
    ready ??= start();
    await ready;
    return requestText({ socketPath, path, headers });
  };
  const close = (): void => {
    process.removeListener('exit', close);
    proxy?.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', close);
  return {
    get,
    getFromPod: ({ namespace, name, port }, path, headers) =>
      get(`/api/v1/namespaces/${namespace}/pods/${name}:${port}/proxy${path}`, headers),
    close,
  };
}
