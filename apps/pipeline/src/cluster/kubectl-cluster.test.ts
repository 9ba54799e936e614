import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createKubectlCluster } from './kubectl-cluster.ts';
import { readCluster } from './read-cluster.ts';

/** A kubectl on PATH that runs this script. */
function withKubectl(script: string) {
  const dir = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const file = join(dir, 'kubectl');
  writeFileSync(file, `#!/usr/bin/env node\n${script}`);
  chmodSync(file, 0o755);
  const cluster = createKubectlCluster({ PATH: [dir, dirname(process.execPath), process.env.PATH].join(delimiter) });
  onTestFinished(() => {
    cluster.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return cluster;
}

/** Serves on the socket that it is told, and ends at /end. */
const proxy = `
const socket = process.argv[3].replace('--unix-socket=', '');
require('node:http').createServer((request, response) => {
  if (request.url === '/end') process.exit(0);
  const token = request.headers['x-admin-token'] ?? null;
  if (request.url === '/away') response.writeHead(404);
  if (request.url === '/forbidden') response.writeHead(403);
  response.end(JSON.stringify({ url: request.url, token }));
}).listen(socket, () => console.log('Starting to serve on ' + socket));`;

test('it is asked through kubectl, pods too, with what is sent along', async () => {
  const cluster = withKubectl(proxy);
  expect(await readCluster(cluster, '/version')).toEqual({ url: '/version', token: null });
  const pod = { namespace: 'models', name: 'tides-1', ip: '10.0.0.1', port: 9090 };
  const { text } = await cluster.getFromPod(pod, '/predictions?after=', { 'x-admin-token': 'word' });
  expect(JSON.parse(text)).toEqual({
    url: '/api/v1/namespaces/models/pods/tides-1:9090/proxy/predictions?after=',
    token: 'word',
  });
});

test('what is not there is null, and what is refused says so', async () => {
  const cluster = withKubectl(proxy);
  expect(await readCluster(cluster, '/away')).toBeNull();
  await expect(readCluster(cluster, '/forbidden')).rejects.toThrow(/answered 403 to \/forbidden/);
});

test('a proxy that has ended is started again at the next question', async () => {
  const cluster = withKubectl(proxy);
  await expect(cluster.get('/end')).rejects.toThrow();
  await expect
    .poll(() =>
      cluster.get('/version').then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
});

test('without kubectl, or with one that knows no cluster, it is told what to do', async () => {
  const broken = withKubectl(`console.error('error: no context'); process.exit(1);`);
  await expect(broken.get('/version')).rejects.toThrow(/kubectl: received exit code 1: .*; .*set KUBECONFIG/);
  const none = createKubectlCluster({ PATH: '/nowhere' });
  onTestFinished(none.close);
  await expect(none.get('/version')).rejects.toThrow(/kubectl: received .*ENOENT/);
});
