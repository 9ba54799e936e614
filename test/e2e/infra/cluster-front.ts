import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What a cluster looks like from behind something that stands in front of it. */
export interface ClusterFront {
  /** Path of a kubeconfig that leads here. */
  readonly kubeconfig: string;
  /** Nobody answers any more. */
  cut(): Promise<void>;
  /** Answers again, where it did before. */
  mend(): Promise<void>;
  stop(): Promise<void>;
}

/** The groups of an answer to `/apis`, without one. */
function withoutGroup(text: string, group: string): string {
  const list = JSON.parse(text) as { groups: { name: string }[] };
  return JSON.stringify({ ...list, groups: list.groups.filter(({ name }) => name !== group) });
}

/** `kubectl proxy`, which signs in as the kubeconfig of this process says; answers its port. */
async function startProxy(): Promise<{ port: number; stop(): void }> {
  const proxy = spawn('kubectl', ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: proxy.stdout }), 'line', {
    signal: AbortSignal.timeout(10_000),
  })) as [string];
  return { port: Number(line.split(':').at(-1)), stop: () => void proxy.kill() };
}

/**
 * The cluster that KUBECONFIG names as one that lacks the resources of a group, such as `argoproj.io`, would look. Whatever else is asked
 * goes to the cluster itself. The kubeconfig is written into `folder`.
 */
export async function standBefore(folder: string, group: string): Promise<ClusterFront> {
  const proxy = await startProxy();
  const server = createServer((asked, answer) => {
    const { url: path = '/', method, headers } = asked;
    if (path.startsWith(`/apis/${group}`)) {
      const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
      answer.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(status));
      return;
    }
    const isList = /^\/apis(?:\?|$)/.test(path);
    // A list of groups in its oldest form, which every client reads.
    const forwarded = {
      ...headers,
      host: `127.0.0.1:${proxy.port}`,
      ...(isList ? { accept: 'application/json' } : {}),
    };
    if (isList) delete forwarded['accept-encoding'];
    const upstream = request(
      { port: proxy.port, host: '127.0.0.1', path, method, headers: forwarded },
      async (response) => {
        if (!isList) {
          answer.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(answer);
          return;
        }
        const text = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>)).toString();
        answer.writeHead(200, { 'content-type': 'application/json' }).end(withoutGroup(text, group));
      },
    );
    upstream.once('error', () => answer.destroy());
    answer.once('close', () => upstream.destroy());
    asked.pipe(upstream);
  });
  let port = 0;
  const listen = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  await listen();
  const kubeconfig = join(folder, 'front.kubeconfig');
  const named = { name: 'front' };
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': named.name },
    clusters: [{ ...named, cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ ...named, user: {} }],
    contexts: [{ ...named, context: { cluster: named.name, user: named.name } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  return {
    kubeconfig,
    cut: close,
    mend: listen,
    stop: async () => {
      if (server.listening) await close();
      proxy.stop();
    },
  };
}
