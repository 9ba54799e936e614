// budget: 900 s
// needs: act, git, pulumi, kubectl, prometheus, buildah|docker, $KUBECONFIG
import { join } from 'node:path';
import { judgementSchema } from '@repo/contract/judgement';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Version } from './canary/make-releases.ts';
import { addressForPods, judgeInCluster } from './canary/place-judge.ts';
import { type ReplayedLoad, replayedFlights, startReplay } from './canary/replayed-load.ts';
import { model, namespace, standUp } from './canary/stand-up.ts';
import { startPrometheus } from './canary/start-prometheus.ts';
import { freePort } from './free-port.ts';
import { kubectl, podsOf, serverUrl } from './infra/cluster.ts';
import { containerLog } from './infra/container-log.ts';
import { apiForPods } from './release/api-for-pods.ts';
import { createReleaseRuns } from './release/release-runs.ts';

// Everything at once: release-model.yml under act brings a champion up with the real engine, Argo Rollouts asks the judge, which is a pod, and
// what comes of it is said on an emulated GitHub.

let stood: Awaited<ReturnType<typeof standUp>>;
let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
let load: ReplayedLoad;
let closeApi: Awaited<ReturnType<typeof apiForPods>> | undefined;
let releases: Awaited<ReturnType<typeof createReleaseRuns>>;
const startedMs = performance.now();
const sinceStart = (): string => `${((performance.now() - startedMs) / 1000).toFixed(0)} s`;

beforeAll(async () => {
  const { hostname } = await serverUrl();
  expect(['127.0.0.1', 'localhost', '[::1]'], 'the cluster must be on this machine').toContain(hostname);
  const leftover = await kubectl('get', 'namespaces', '-l', 'app.kubernetes.io/part-of=causeway', '-o', 'name');
  expect(leftover, 'destroy what an earlier run has left').toBe('');
  closeApi = await apiForPods();
  const address = `${await addressForPods()}:${await freePort()}`;
  stood = await standUp(['suite'], (root) => judgeInCluster(root, `http://${address}`));
  prometheus = await startPrometheus(stood.folder, namespace, stood.env, address);
  releases = await createReleaseRuns(stood);
  await releases.push('what stands');
  const bodies = await replayedFlights(join(stood.root, 'features/flights/data/flights-2013.parquet'), 2000);
  load = startReplay(stood.url, stood.key, bodies, 50);
  console.log(`standing after ${sinceStart()}`);
}, 300_000);

afterAll(async () => {
  await load?.stop();
  await prometheus?.stop();
  await stood?.tearDown();
  closeApi?.();
  console.log(`all of it ${sinceStart()}; sent ${load?.sent()}, failed ${load?.failures.length}`);
}, 120_000);

/** Pins a version on main and lets the workflow release it. */
async function release(version: number) {
  stood.pin(version);
  return releases.run(await releases.push(`promote version ${version}`));
}

/** What the judge's pod said of canaries, oldest first. */
async function saidByJudge(): Promise<Record<string, unknown>[]> {
  const [pod] = await podsOf(namespace, 'app.kubernetes.io/component=judge');
  const lines = await containerLog(namespace, pod?.metadata.name ?? '', 'judge');
  return lines.filter((line) => line.includes('"judged"')).map((line) => JSON.parse(line));
}

test('a champion that is merged is judged by the pod, promoted, and recorded as a release', async () => {
  const { jobs, output } = await release(Version.better);
  expect(jobs, output).toEqual({
    ...{ plan: 'success', 'deploy/preview': 'success', 'deploy/up': 'success' },
    ...{ [`staging/watch ${model}`]: 'success', [`staging/record ${model}`]: 'success' },
    ...{ [`prod/watch ${model}`]: 'success', [`prod/record ${model}`]: 'success' },
  });
  expect((await saidByJudge()).at(-1)).toMatchObject({
    verdict: 'pass',
    metrics: { agreement: { outcome: 'pass', samples: { canary: expect.any(Number) } } },
  });
  const { octokit, owner, repo } = releases.github.github;
  const { data } = await octokit.rest.repos.listReleases({ owner, repo });
  expect(data.map(({ tag_name: tag, prerelease }) => [tag, prerelease])).toEqual([
    [`models/${model}/v${Version.better}`, false],
  ]);
  expect(data[0]?.body).toContain(`${model} version ${Version.better} in prod`);
  expect(data[0]?.body).not.toContain('by hand');
  expect(load.failures).toEqual([]);
}, 280_000);

test('one that answers otherwise than its bundle is rolled back, with an issue and the pull request that goes back', async () => {
  const { jobs, output } = await release(Version.wrong);
  expect(jobs, output).toEqual({
    ...{ plan: 'success', 'deploy/preview': 'success', 'deploy/up': 'success' },
    ...{ [`staging/watch ${model}`]: 'success', [`staging/record ${model}`]: 'failure' },
  });
  expect((await saidByJudge()).at(-1)).toMatchObject({ verdict: 'fail', metrics: { agreement: { outcome: 'fail' } } });
  const { octokit, owner, repo } = releases.github.github;
  const issues = (await octokit.rest.issues.listForRepo({ owner, repo })).data.filter((one) => !one.pull_request);
  const pulls = (await octokit.rest.pulls.list({ owner, repo })).data;
  expect(issues.map(({ title }) => title)).toEqual([`${model} version ${Version.wrong} was rolled back in staging`]);
  expect(issues[0]?.body).toMatch(/\| ❌ fail \| `agreement` \|/);
  expect(issues[0]?.body).toContain(`To go back: #${pulls[0]?.number}.`);
  const back = await releases.github.filesOf(pulls[0]?.head.ref ?? '');
  expect(JSON.parse(back[`models/${model}/champion.json`] ?? '')).toMatchObject({ version: Version.better });
  expect(load.failures, 'of callers of the stable side').toEqual([]);
}, 280_000);

test("the judge's pod may list pods and nothing else, and answers nobody without the token", async () => {
  const account = `system:serviceaccount:${namespace}:judge`;
  const may = async (...what: string[]): Promise<string> =>
    (await kubectl('auth', 'can-i', ...what, '-n', namespace, '--as', account).catch(() => 'no')).trim();
  expect(await Promise.all([may('list', 'pods'), may('get', 'secrets'), may('delete', 'pods')])).toEqual([
    'yes',
    'no',
    'no',
  ]);
  const pod = `/api/v1/namespaces/${namespace}/services/judge:http/proxy`;
  expect(JSON.parse(await kubectl('get', '--raw', `${pod}/health`))).toEqual({ live: true });
  const question = `${pod}/judgements/${model}?stable=a&canary=b`;
  await expect(kubectl('get', '--raw', question)).rejects.toThrow(
    /send Authorization|Unauthorized|provide credentials/,
  );
  const [run] = (
    JSON.parse(await kubectl('get', 'analysisruns', '-n', namespace, '-l', 'rollout-type=Step', '-o', 'json')) as {
      items: { status: { metricResults: { measurements: { value: string }[] }[] } }[];
    }
  ).items;
  const value = run?.status.metricResults[0]?.measurements.at(-1)?.value ?? '';
  expect(judgementSchema.safeParse(JSON.parse(value)).error, 'what Argo Rollouts was told').toBeUndefined();
});
