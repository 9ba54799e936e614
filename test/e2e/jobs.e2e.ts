// budget: 300 s
// needs: pulumi, kubectl, git, buildah|docker, $KUBECONFIG
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '@repo/image/image-builder';
import { stagePipeline } from '@repo/image/stage-pipeline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubectl, podsOf, serverUrl } from './infra/cluster.ts';
import { containerLog } from './infra/container-log.ts';
import { importImage } from './infra/load-image.ts';
import { pulumiEnvironment } from './infra/pulumi-environment.ts';
import { runCommand } from './infra/run-command.ts';
import { createSmallWorkspace } from './workflows/small-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'jobs-'));
const env = pulumiEnvironment(folder);
const namespace = 'jobs';
const image = 'localhost/causeway-pipeline:e2e';

/** The jobs of a model that the image holds, and of one that it does not. */
const program = `import * as kubernetes from '@pulumi/kubernetes';
import { ModelJobs } from '@repo/components/model-jobs';

const labels = { 'app.kubernetes.io/part-of': 'causeway', 'pod-security.kubernetes.io/enforce': 'restricted' };
const { metadata } = new kubernetes.core.v1.Namespace('jobs', { metadata: { name: '${namespace}', labels } });
const common = { namespace: metadata.name, image: '${image}', pull: false, stateUrl: 'file:.causeway/state' };
const given = { ...common, schedules: { train: '17 2 * * 1' }, cpuRequestShare: 0.1 };
for (const model of ['late-order', 'nobody']) new ModelJobs(model + '-jobs', { ...given, model });
`;

let small: Awaited<ReturnType<typeof createSmallWorkspace>>;
const pulumi = (verb: string) => {
  const args = ['-C', join(small.root, 'infra/serving'), verb, '--stack', 'local', '--yes', '--non-interactive'];
  return runCommand('pulumi', [...args, '--skip-preview'], { env });
};
let isDestroyed = true;

beforeAll(async () => {
  const { hostname } = await serverUrl();
  expect(['127.0.0.1', 'localhost', '[::1]'], 'the cluster must be on this machine').toContain(hostname);
  small = await createSmallWorkspace();
  const serving = join(small.root, 'infra/serving');
  writeFileSync(join(serving, 'index.ts'), program);
  const [contextDir, archive] = [join(folder, 'rootfs'), join(folder, 'pipeline.tar')];
  await stagePipeline({ root: small.root, outDir: contextDir, withBase: false });
  const dockerfile = join(small.root, 'apps/pipeline/Dockerfile');
  buildImage({ dockerfile, contextDir, base: 'scratch', name: image, outFile: archive });
  await importImage(archive, 'localhost/causeway-pipeline');
  const stack = await runCommand('pulumi', ['-C', serving, 'stack', 'init', 'local'], { env });
  expect(stack.code, stack.stderr).toBe(0);
});

afterAll(async () => {
  if (!isDestroyed) await pulumi('destroy');
  small?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a job as its clock would, and answers how it ended. */
async function runNow(model: string): Promise<'Complete' | 'Failed'> {
  const name = `${model}-now`;
  await kubectl('create', 'job', '-n', namespace, name, `--from=cronjob/${model}-train`);
  const path = '{.status.conditions[?(@.status=="True")].type}';
  const ended = async () => (await kubectl('get', 'job', '-n', namespace, name, '-o', `jsonpath=${path}`)).split(' ');
  await expect
    .poll(ended, { timeout: 150_000, interval: 500 })
    .toEqual(expect.arrayContaining([expect.stringMatching(/^(Complete|Failed)$/)]));
  return (await ended()).includes('Complete') ? 'Complete' : 'Failed';
}
/** What a step said as JSON. */
async function saidBy(model: string, step: string): Promise<unknown> {
  const [pod] = await podsOf(namespace, `app.kubernetes.io/name=${model}`);
  const lines = await containerLog(namespace, pod?.metadata.name ?? '', step);
  return JSON.parse(lines.findLast((line) => line.startsWith('{')) ?? 'null');
}

test('a job trains, judges and registers in pods that are nobody and can write one folder', async () => {
  isDestroyed = false;
  const { code, stdout, stderr } = await pulumi('up');
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const startMs = performance.now();
  const ended = await runNow('late-order');
  console.log(`stages of late-order in one pod: ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  expect(ended).toBe('Complete');
  const { digest } = JSON.parse(small.read('models/late-order/champion.json')) as { digest: string };
  expect(await saidBy('late-order', 'gate')).toMatchObject({ verdict: 'pass' });
  // The same bytes as on the machine where the champion was trained.
  const registered = { version: 1, digest, alias: 'champion', evidence: ['card.md', 'drift.json', 'report.json'] };
  expect(await saidBy('late-order', 'register')).toMatchObject(registered);
});

test('a stage that fails ends the run: what comes after it never starts', async () => {
  expect(await runNow('nobody')).toBe('Failed');
  const [pod] = await podsOf(namespace, 'app.kubernetes.io/name=nobody');
  const stateOf = (step: string) => `{.status.initContainerStatuses[?(@.name=="${step}")].state}`;
  const path = `jsonpath=${stateOf('validate')}${stateOf('features')}`;
  const states = await kubectl('get', 'pod', '-n', namespace, pod?.metadata.name ?? '', '-o', path);
  expect(states).toMatch(/"exitCode":2/);
  expect(states).toMatch(/model: received \\"nobody\\"; allowed: late-order/);
  expect(states).toMatch(/"reason":"PodInitializing"/);
});

test('destroy leaves nothing', async () => {
  const { code, stderr } = await pulumi('destroy');
  expect(code, stderr).toBe(0);
  isDestroyed = true;
  expect(await kubectl('get', 'namespaces', '-l', 'app.kubernetes.io/part-of=causeway', '-o', 'name')).toBe('');
});
