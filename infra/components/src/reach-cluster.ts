import { connect } from 'node:net';
import { InputError } from '@repo/contract/input-error';

/** Opens a connection and lets go of it; rejects where there is none within `limitMs`. */
type Knock = (host: string, port: number, limitMs: number) => Promise<void>;

const knock: Knock = (host, port, limitMs) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: limitMs });
    socket.once('connect', () => resolve(void socket.destroy()));
    socket.once('timeout', () => socket.destroy(new Error(`no answer in ${limitMs / 1000} s`)));
    socket.once('error', reject);
  });

/** The name of a new endpoint is not known everywhere at once. */
const [attempts, limitMs] = [6, 10_000] as const;

/**
 * Answers the kubeconfig once the API that it leads to takes connections from here: what is put into the cluster next would wait for minutes
 * and then say little. `publicCidrs` is who may reach it over the internet. Throws InputError where it cannot be reached.
 */
export async function reachCluster(kubeconfig: string, publicCidrs: readonly string[], ask = knock): Promise<string> {
  const { clusters } = JSON.parse(kubeconfig) as { clusters: [{ cluster: { server: string } }] };
  const { hostname, port } = new URL(clusters[0].cluster.server);
  let reason = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      await ask(hostname, Number(port || 443), limitMs);
      return kubeconfig;
    } catch (error) {
      reason = (error as Error).message;
    }
  }
  const from = publicCidrs.length === 0 ? 'within its network only' : `from ${publicCidrs.join(', ')} only`;
  throw new InputError({
    path: 'cluster:endpointCidrs',
    received: `an API that answers ${from}, and not here (${reason})`,
    allowed: 'an API that this machine reaches: it puts the autoscaler into the cluster',
    action:
      'run this within the network, or name the address that you come from, as a /32, for the first run: see First use in docs/environments.md',
  });
}
