// budget: 600 s
// needs: pulumi, kubectl, prometheus, buildah|docker, $KUBECONFIG
import { join } from 'node:path';
import type { ReleaseResult } from '@repo/contract/release-result';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Version } from './canary/make-releases.ts';
import { type ReplayedLoad, replayedFlights, startReplay } from './canary/replayed-load.ts';
import { model, namespace, standUp } from './canary/stand-up.ts';
import type { Running } from './canary/start-program.ts';
import { startPrometheus } from './canary/start-prometheus.ts';
import { kubectl, serverUrl } from './infra/cluster.ts';

let stood: Awaited<ReturnType<typeof standUp>>;
let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
let judge: Running;
let load: ReplayedLoad;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const startedMs = performance.now();

beforeAll(async () => {
  const { hostname } = await serverUrl();
  expect(
    ['127.0.0.1', 'localhost', '[::1]'],
    'this suite stands things up and tears them down: the cluster must be on this machine',
  ).toContain(hostname);
  const leftover = await kubectl('get', 'namespaces', '-l', 'app.kubernetes.io/part-of=causeway', '-o', 'name');
  expect(leftover, 'destroy what an earlier run has left').toBe('');
  stood = await standUp();
  prometheus = await startPrometheus(stood.folder, namespace, stood.env);
  judge = await stood.startJudge(prometheus.url);
  const bodies = await replayedFlights(join(stood.root, 'features/flights/data/flights-2013.parquet'), 2000);
  load = startReplay(stood.url, stood.key, bodies, 50);
  console.log(`standing after ${seconds(performance.now() - startedMs)}`);
}, 300_000);

afterAll(async () => {
  await load?.stop();
  await Promise.all([judge?.stop(), prometheus?.stop()]);
  await stood?.tearDown();
  console.log(`all of it ${seconds(performance.now() - startedMs)}`);
}, 120_000);

/** Names of the metrics that failed. */
const failedOf = ({ judgement }: ReleaseResult): string[] =>
  (judgement?.metrics ?? []).filter(({ outcome }) => outcome === 'fail').map(({ metric }) => metric);

/** Says how a release went, in one line. */
function tell(name: string, version: number, result: ReleaseResult, sinceMs: number): void {
  const canary = load.byVersion.get(String(version)) ?? { answered: 0, at300Ms: null };
  const after300 = canary.at300Ms === null ? 'before its 300th request' : `${seconds(performance.now() - canary.at300Ms)} after its 300th request`;
  const metrics = failedOf(result).join(', ') || 'none';
  const counts = `sent ${load.sent()}, ${canary.answered} answered by it, ${load.planned()} failed by it so far, ${load.failures.length} others failed`;
  console.log(`${name}: ${result.outcome} in ${seconds(performance.now() - sinceMs)}, ${after300}; failing: ${metrics}; ${counts}\n  ${result.reason}`);
}

/** Releases a version, follows it to its end and says how it went. */
async function releaseAndWatch(name: string, version: number) {
  const sinceMs = performance.now();
  const update = await stood.release(version);
  expect(update.code, update.errors).toBe(0);
  const watched = await stood.watch();
  tell(name, version, watched.result, sinceMs);
  const at300Ms = load.byVersion.get(String(version))?.at300Ms ?? null;
  return { ...watched, after300S: at300Ms === null ? 0 : (performance.now() - at300Ms) / 1000 };
}

test('a better champion is promoted, and only it serves then', async () => {
  const { code, result } = await releaseAndWatch('better', Version.better);
  expect(code, result.reason).toBe(0);
  expect(result).toMatchObject({
    outcome: 'promoted',
    byHand: [],
    from: { champion: { version: 1 } },
    to: { champion: { version: Version.better } },
    judgement: { verdict: 'pass' },
  });
  expect(load.failures).toEqual([]);
}, 200_000);

test.each([
  ['wrong scores', Version.wrong, 'agreement'],
  ['errors', Version.errors, 'errors'],
  ['slow', Version.slow, 'latency'],
  ['NaN', Version.nan, 'fallback'],
])('%s are rolled back by their metric, and callers of the stable side lose nothing', async (name, version, metric) => {
  const { code, result, after300S } = await releaseAndWatch(name, version);
  expect(code, result.reason).toBe(1);
  expect(result).toMatchObject({ outcome: 'rolled-back', byHand: [], to: { champion: { version } } });
  expect(failedOf(result)).toContain(metric);
  expect(after300S, 'seconds after 300 requests').toBeLessThan(60);
  expect(load.failures).toEqual([]);
}, 200_000);
