// budget: 240 s
// needs: pulumi, kubectl, $KUBECONFIG
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubectl, serverUrl } from './infra/cluster.ts';
import { standBefore } from './infra/cluster-front.ts';
import { createEngine, programs } from './infra/programs.ts';
import { pulumiEnvironment } from './infra/pulumi-environment.ts';
import { runCommand } from './infra/run-command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bad-cluster-'));
const front = await standBefore(folder, 'argoproj.io');
const env = { ...pulumiEnvironment(folder), KUBECONFIG: front.kubeconfig };
const engine = createEngine(root, env);
const ours = (): Promise<string> =>
  kubectl('get', 'namespaces', '-l', 'app.kubernetes.io/part-of=causeway', '-o', 'name');

/** Whether nothing stands that the state in `folder` is needed for. */
let isDestroyed = true;
beforeAll(async () => {
  const { hostname } = await serverUrl();
  expect(['127.0.0.1', 'localhost', '[::1]'], 'this suite stands things up: the cluster must be here').toContain(
    hostname,
  );
  expect(await ours(), 'destroy what an earlier run has left').toBe('');
});
afterAll(async () => {
  await front.stop();
  if (isDestroyed) rmSync(folder, { recursive: true });
  else console.log(`what stands was not taken down; its state is kept in ${folder}, for PULUMI_BACKEND_URL`);
});

test('a cluster without Argo Rollouts is named as such, with what has to be there', async () => {
  isDestroyed = false;
  const up = await runCommand('npx', ['nx', 'up', 'serving', '--stack', 'local'], { env, cwd: root });
  expect(up.code).not.toBe(0);
  expect(up.stdout).toMatch(
    /kind argoproj\.io\/v1alpha1\/AnalysisTemplate failed because .*Verify that any required CRDs have been created/,
  );
});

test('one that does not answer is named as unreachable, and what stands is not forgotten', async () => {
  const before = await ours();
  expect(before.trim().split('\n').sort()).toEqual(['namespace/jobs', 'namespace/models', 'namespace/monitoring']);
  await front.cut();
  const { code, errors } = await engine.up('serving');
  await front.mend();
  expect(code).not.toBe(0);
  expect(errors).toMatch(/configured Kubernetes cluster is unreachable: .*connection refused/);
  expect(await ours()).toBe(before);
});

test('what was made up to there can be taken down, and nothing is orphaned', async () => {
  for (const together of [
    ['serving', 'monitoring'],
    ['storage', 'cluster'],
  ] as const) {
    const updates = await Promise.all(together.map((program) => engine.destroy(program)));
    for (const { code, errors } of updates) expect(code, errors).toBe(0);
  }
  isDestroyed = true;
  expect(await ours()).toBe('');
  for (const program of programs) {
    const args = ['-C', join(root, 'infra', program), 'stack', 'export', '--stack', 'local'];
    const { stdout } = await runCommand('pulumi', args, { env });
    expect(JSON.parse(stdout).deployment.resources ?? [], program).toEqual([]);
  }
});
