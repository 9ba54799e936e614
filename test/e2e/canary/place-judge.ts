import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { kubectl } from '../infra/cluster.ts';

/** Port of the node at which the judge answers a controller that runs beside the cluster. */
const judgeNodePort = 30091;

/** Whether the controller of Argo Rollouts is a pod of the cluster, or a program of this machine. */
const isControllerInside = async (): Promise<boolean> =>
  (await kubectl('get', 'deployments', '-A', '-l', 'app.kubernetes.io/name=argo-rollouts', '-o', 'name')) !== '';

const bitsOf = (address: string): number =>
  address.split('.').reduce((bits, part) => ((bits << 8) | Number(part)) >>> 0, 0);

/** Whether an address is one of this machine. Those of a bridge without a pod are not among its interfaces. */
async function isOwn(address: string): Promise<boolean> {
  const server = createServer().listen(0, address);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/** The address of this machine in the network of the nodes: pods reach it, whether the node is this machine or a container of it. */
export async function addressForPods(): Promise<string> {
  const path = '{.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  const node = await kubectl('get', 'nodes', '-o', `jsonpath=${path}`);
  if (await isOwn(node)) return node;
  const beside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === 'IPv4')
    .find(({ address, netmask }) => (bitsOf(address) & bitsOf(netmask)) === (bitsOf(node) & bitsOf(netmask)));
  if (beside === undefined) throw new Error(`no network of this machine holds the node ${node}`);
  return beside.address;
}

function change(path: string, ...changes: readonly (readonly [from: string, to: string])[]): void {
  const text = changes.reduce(
    (before, [from, to]) => {
      if (!before.includes(from)) throw new Error(`${path} does not say "${from}" any more`);
      return before.replace(from, to);
    },
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, text);
}

const [ownJudge, ownApi] = [
  '  serving:judgeUrl: http://127.0.0.1:9191\n',
  '  serving:clusterUrl: https://127.0.0.1:6443\n',
];

/**
 * Says in the stack local of a copied workspace that its judge answers at this address of this machine, which a controller that is a pod reaches
 * as well as one that is not.
 */
export async function judgeBesideCluster(root: string, url: string): Promise<void> {
  change(
    join(root, 'infra/serving/Pulumi.local.yaml'),
    [ownJudge, `  serving:judgeUrl: ${url}\n`],
    [ownApi, (await isControllerInside()) ? '' : ownApi],
  );
}

/**
 * Lets the stack local of a copied workspace stand the judge up as the other stacks do, as a pod that asks the Prometheus at `prometheusUrl`. A
 * controller beside the cluster gets a port of the node for it, as it has no names of the cluster.
 */
export async function judgeInCluster(root: string, prometheusUrl: string): Promise<void> {
  const serving = join(root, 'infra/serving');
  const port = `new kubernetes.core.v1.Service(
  'judge-port',
  {
    metadata: { name: 'judge-port', namespace: metadata.name },
    spec: {
      type: 'NodePort',
      selector: { 'app.kubernetes.io/component': 'judge' },
      ports: [{ port: 80, targetPort: 'http', nodePort: ${judgeNodePort} }],
    },
  },
  { provider },
);
`;
  const isInside = await isControllerInside();
  change(
    join(serving, 'index.ts'),
    ['if (config.judgeUrl === undefined) {', '{'],
    [
      "const prometheusUrl = requiredOutput(monitoring.prometheusUrl, 'monitoring.prometheusUrl');",
      `const prometheusUrl = '${prometheusUrl}';`,
    ],
    ['const names = ', isInside ? 'const names = ' : `${port}const names = `],
  );
  change(join(serving, 'judge-of.ts'), ['    if (elsewhere !== undefined) return;\n', '']);
  change(
    join(serving, 'Pulumi.local.yaml'),
    [ownJudge, isInside ? '' : ownJudge.replace('9191', String(judgeNodePort))],
    [ownApi, isInside ? '' : ownApi],
  );
}
