// budget: 360 s
// needs: pulumi, kubectl, buildah|docker, $KUBECONFIG
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { areExactly, kubectl, openNodes, podsOf, readyPods, serverUrl } from './infra/cluster.ts';
import { type BuiltImage, loadImage } from './infra/load-image.ts';
import { podFacts } from './infra/pod-facts.ts';
import { type LoadResult, startLoad } from './infra/prediction-load.ts';
import { createEngine, programs } from './infra/programs.ts';
import { pulumiEnvironment } from './infra/pulumi-environment.ts';
import { runCommand } from './infra/run-command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'infra-'));
const env = pulumiEnvironment(folder);
const engine = createEngine(root, env);

const namespace = 'models';
const model = 'flight-delay';
const selector = `app.kubernetes.io/name=${model}`;
/** Where the model is asked; known once it is up. */
let url = '';
/** The key whose digest stands in Pulumi.local.yaml. */
const key = 'local-only';
const flight = JSON.stringify({
  ...{ carrier: 'UA', origin: 'EWR', dest: 'IAH', tailnum: 'N14228' },
  scheduled_at: '2013-12-24T18:00:00Z',
});

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const stackFiles = (): string[] =>
  programs.map((program) => readFileSync(join(root, 'infra', program, 'Pulumi.local.yaml'), 'utf8'));
const predict = () =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: flight,
  });

/** Does something under load, and then a second more: what follows late counts too. */
async function underLoad(what: string, work: () => Promise<void>): Promise<LoadResult> {
  const load = startLoad(url, key, flight);
  let result: LoadResult | undefined;
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  } finally {
    result = await load.stop();
    console.log(`${what}: ${result.sent} requests sent, ${result.failures.length} failed`);
  }
  return result;
}

const settle = (count: number) =>
  expect.poll(() => areExactly(count, namespace, selector), { interval: 500, timeout: 90_000 });

let image: BuiltImage;
/** Whether nothing stands that the state in `folder` is needed for. */
let isDestroyed = true;

beforeAll(async () => {
  const { hostname } = await serverUrl();
  expect(
    ['127.0.0.1', 'localhost', '[::1]'],
    'this suite stands things up and tears them down: the cluster must be on this machine',
  ).toContain(hostname);
  const leftover = await kubectl('get', 'namespaces', '-l', 'app.kubernetes.io/part-of=causeway', '-o', 'name');
  expect(leftover, 'destroy what an earlier run has left').toBe('');
  image = await loadImage(root);
});

afterAll(async () => {
  if (isDestroyed) rmSync(folder, { recursive: true, force: true });
  // Without its state nothing could take down what stands.
  else console.log(`what stands was not taken down; its state is kept in ${folder}, for PULUMI_BACKEND_URL`);
});

test('one command stands up an empty cluster, and a model answers', async () => {
  const before = stackFiles();
  isDestroyed = false;
  const startMs = performance.now();
  const { code, stdout, stderr } = await runCommand('npx', ['nx', 'up', 'serving', '--stack', 'local'], {
    env,
    cwd: root,
  });
  const upMs = performance.now() - startMs;
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  url = `${(await engine.urls())[model]}/v2/models/${model}/predict`;
  const response = await predict();
  const answer = (await response.json()) as Record<string, unknown>;
  console.log(
    `up of all programs ${seconds(upMs)}, first prediction ${seconds(performance.now() - startMs)} after the start`,
  );
  const { digest } = JSON.parse(readFileSync(join(root, 'models', model, 'champion.json'), 'utf8')) as {
    digest: string;
  };
  expect(answer).toMatchObject({ model_digest: digest, fallback_level: 'champion' });
  expect((await fetch(url, { method: 'POST', body: flight })).status, 'without a key').toBe(401);
  expect(stackFiles(), 'the committed configuration is as it was').toEqual(before);
});

test('a second up changes nothing', async () => {
  const updates = await Promise.all(programs.map((program) => engine.up(program)));
  for (const [i, update] of updates.entries()) {
    expect(update, update.errors).toMatchObject({ code: 0, changes: { same: expect.any(Number) } });
    expect(Object.keys(update.changes), programs[i]).toEqual(['same']);
  }
  const slowest = Math.max(...updates.map(({ durationMs }) => durationMs));
  console.log(
    `no-op up of all programs at once ${seconds(slowest)}: ${updates.map(({ changes }, i) => `${programs[i]} ${changes.same}`).join(', ')} unchanged`,
  );
});

test('pods run the built image as nobody, with no capability, no token, and one folder to write to', async () => {
  const pods = await podsOf(namespace, selector);
  expect(pods.length).toBe(4);
  const labels = await kubectl('get', 'namespace', namespace, '-o', 'jsonpath={.metadata.labels}');
  expect(JSON.parse(labels)).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  const [pod] = pods;
  const status = pod?.status.containerStatuses?.[0];
  if (process.env.CONTAINERD_ADDRESS !== undefined) expect(status?.imageID).toContain(image.digest);
  const containerId = status?.containerID?.replace('containerd://', '') ?? '';
  expect(await podFacts({ name: pod?.metadata.name ?? '', namespace, containerId })).toEqual({
    uid: 65_532,
    capabilities: '0000000000000000',
    seccomp: 2,
    noNewPrivileges: 1,
    commandOfFirst: '/app/bin/node',
    writable: ['/app/.causeway'],
    hasToken: false,
  });
});

test('a drained node gives up one pod of a model at a time, and no request fails', async () => {
  const node = (await podsOf(namespace, selector))[0]?.spec.nodeName ?? '';
  const others = (await openNodes()).filter((name) => name !== node);
  const ready: number[] = [];
  const result = await underLoad('kubectl drain', async () => {
    const how = ['--ignore-daemonsets', '--delete-emptydir-data', `--pod-selector=${selector}`];
    // Where pods have nowhere to go it would wait for ever; elsewhere each has to be ready before the next may leave.
    const drain = runCommand('kubectl', ['drain', node, ...how, `--timeout=${others.length === 0 ? 8 : 120}s`]);
    const watch = setInterval(() => void readyPods(namespace, selector).then(({ length }) => ready.push(length)), 500);
    const { code, stderr } = await drain;
    clearInterval(watch);
    await kubectl('uncordon', node);
    if (others.length > 0) expect(code, `${stderr}: the others take them`).toBe(0);
    else {
      expect(code, 'with nowhere to go the others stay').not.toBe(0);
      expect(stderr).toContain("violate the pod's disruption budget");
    }
    await settle(4).toBe(true);
  });
  expect(result.failures).toEqual([]);
  expect(Math.min(...ready)).toBe(3);
});

test('scaling 2 to 4 to 2 and a deleted pod fail no request', async () => {
  const scale = (replicas: number) => kubectl('scale', '-n', namespace, `rollout/${model}`, `--replicas=${replicas}`);
  await scale(2);
  await settle(2).toBe(true);
  const scaling = await underLoad('scaling 2 to 4 to 2', async () => {
    await scale(4);
    await settle(4).toBe(true);
    await scale(2);
    await settle(2).toBe(true);
  });
  const deletion = await underLoad('kubectl delete pod', async () => {
    const [first] = await readyPods(namespace, selector);
    await kubectl('delete', 'pod', '-n', namespace, first ?? '', '--wait=false');
    await settle(2).toBe(true);
  });
  expect([scaling.failures, deletion.failures]).toEqual([[], []]);
  expect(scaling.sent + deletion.sent).toBeGreaterThan(500);
});

test('an image that is nowhere is named by up, with what the pods say, while those before still answer', async () => {
  const file = engine.configWith(
    folder,
    'serving',
    (text) => `${text.replace(/patienceS: \d+/, 'patienceS: 10')}  serving:imageDigest: sha256:${'0'.repeat(64)}\n`,
  );
  const [update, second] = await Promise.all([
    engine.up('serving', '--config-file', file),
    new Promise((resolve) => setTimeout(resolve, 4000)).then(() => engine.up('serving')),
  ]);
  expect(second.code, 'a second up while the first runs').not.toBe(0);
  expect(second.errors).toMatch(/locked/);
  expect(update.code).not.toBe(0);
  expect(update.errors).toMatch(/rollout flight-delay: .*allowed: Healthy/);
  expect(update.errors).toMatch(/ErrImageNeverPull: .*sha256:0000/);
  expect((await predict()).status).toBe(200);
});

test('an up that was killed leaves a lock, and the next one goes on where it was', async () => {
  const repaired = await underLoad('the image that was there before, again', async () => {
    expect(await engine.upKilledAfter('serving', 5000), 'it was not done yet').toBe(true);
    expect((await engine.up('serving')).errors, 'says what to do').toMatch(/locked[\s\S]*pulumi cancel/);
    expect(await engine.cancel('serving')).toMatchObject({ code: 0 });
    const resumed = await engine.up('serving');
    expect(resumed.code, resumed.errors).toBe(0);
  });
  expect(repaired.failures).toEqual([]);
  expect(await readyPods(namespace, selector), 'the count that was set by hand has given way').toHaveLength(4);
});

test('destroy leaves nothing', async () => {
  const startMs = performance.now();
  for (const together of [
    ['serving', 'monitoring'],
    ['storage', 'cluster'],
  ] as const) {
    const updates = await Promise.all(together.map((program) => engine.destroy(program)));
    for (const { code, errors } of updates) expect(code, errors).toBe(0);
  }
  isDestroyed = true;
  console.log(`destroy of all programs ${seconds(performance.now() - startMs)}`);
  for (const kind of [
    'namespaces',
    'rollouts,services,pods,replicasets,configmaps,secrets,networkpolicies,poddisruptionbudgets',
  ]) {
    expect(await kubectl('get', kind, '-A', '-l', 'app.kubernetes.io/part-of=causeway', '-o', 'name')).toBe('');
  }
});
