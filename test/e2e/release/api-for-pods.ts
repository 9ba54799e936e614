import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { kubectl, serverUrl } from '../infra/cluster.ts';

/** The address at which pods find the API server behind its service. */
async function advertised(): Promise<{ host: string; port: number }> {
  const path = '{.subsets[0].addresses[0].ip} {.subsets[0].ports[0].port}';
  const [host = '', port = ''] = (
    await kubectl('get', 'endpoints', 'kubernetes', '-n', 'default', '-o', `jsonpath=${path}`)
  ).split(' ');
  return { host, port: Number(port) };
}

/**
 * Answers for an API server that listens on loopback alone at the address that it is advertised with, so that pods reach it too. Nothing, where
 * somebody listens there already or the address is of another machine. Returns what ends it.
 */
export async function apiForPods(): Promise<() => void> {
  const [{ host, port }, api] = [await advertised(), await serverUrl()];
  const open = new Set<Socket>();
  const server = createServer((inside) => {
    const outside = connect(Number(api.port || 443), api.hostname);
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.once('error', () => other.destroy()).once('close', () => open.delete(one) && other.destroy());
    }
  });
  server.listen(port, host);
  await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(() => undefined);
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}
