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
/** What serves when nothing is under way. */
let serves: number = Version.first;

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
  const after300 =
    canary.at300Ms === null
      ? 'before its 300th request'
      : `${seconds(performance.now() - canary.at300Ms)} after its 300th request`;
  const metrics = failedOf(result).join(', ') || 'none';
  const counts = `sent ${load.sent()}, ${canary.answered} answered by it, ${load.planned()} failed by it so far, ${load.failures.length} others failed`;
  console.log(
    `${name}: ${result.outcome} in ${seconds(performance.now() - sinceMs)}, ${after300}; failing: ${metrics}; ${counts}\n  ${result.reason}`,
  );
}

/** Releases a version, follows it to its end and says how it went. */
async function releaseAndWatch(name: string, version: number) {
  const sinceMs = performance.now();
  const update = await stood.release(version);
  expect(update.code, update.errors).toBe(0);
  const watched = await stood.watch();
  tell(`${name}: up ${seconds(update.durationMs)}`, version, watched.result, sinceMs);
  const at300Ms = load.byVersion.get(String(version))?.at300Ms ?? null;
  return { ...watched, after300S: at300Ms === null ? 0 : (performance.now() - at300Ms) / 1000 };
}

test('a better champion is promoted, and only it serves then', async () => {
  const { code, result } = await releaseAndWatch('better', Version.better);
  expect(code, result.reason).toBe(0);
  expect(result).toMatchObject({
    outcome: 'promoted',
    byHand: [],
    from: { champion: { version: Version.first } },
    to: { champion: { version: Version.better } },
    judgement: { verdict: 'pass' },
  });
  serves = Version.better;
  expect(load.failures).toEqual([]);
}, 200_000);

/** Releases a faulty version: it must be rolled back by its metric, soon, and nobody else's request may fail. */
async function expectRolledBack(name: string, version: number, metric: string): Promise<void> {
  const { code, result, after300S } = await releaseAndWatch(name, version);
  expect(code, result.reason).toBe(1);
  expect(result).toMatchObject({ outcome: 'rolled-back', byHand: [], to: { champion: { version } } });
  expect(failedOf(result)).toContain(metric);
  expect(after300S, 'seconds after 300 requests').toBeLessThan(60);
  expect(load.failures, 'of callers of the stable side').toEqual([]);
}

test.each([
  ['wrong scores', Version.wrong, 'agreement'],
  ['slow', Version.slow, 'latency'],
])('%s: rolled back by its metric, and callers of the stable side lose nothing', expectRolledBack, 200_000);

const hashes = async (): Promise<{ stableRS: string; currentPodHash: string }> =>
  JSON.parse(await kubectl('get', 'rollout', model, '-n', namespace, '-o', 'jsonpath={.status}'));

test('without the judge nothing is promoted: it is paused at its deadline, and another release waits for a person', async () => {
  await judge.stop();
  const sinceMs = performance.now();
  const update = await stood.release(Version.next, (text) => text.replace('deadline: 10m', 'deadline: 15s'));
  expect(update.code, update.errors).toBe(0);
  const { code, result } = await stood.watch();
  tell('judge away', Version.next, result, sinceMs);
  expect([code, result.outcome]).toEqual([3, 'undecided']);
  expect(result.reason).toMatch(/Nobody has decided by its deadline; it is paused. The judge is away/);
  const { stableRS, currentPodHash } = await hashes();
  expect(stableRS, 'what serves').not.toBe(currentPodHash);

  const empty = await startPrometheus(stood.folder, null, stood.env);
  const sides = ['--stable', stableRS, '--canary', currentPodHash];
  const look = await stood.causeway('judge', model, '--json', '--prometheus', empty.url, ...sides);
  await empty.stop();
  expect(look.code, `${look.stdout}${look.stderr}`).toBe(3);
  expect(JSON.parse(look.stdout)).toMatchObject({ verdict: 'inconclusive' });
  console.log(`Prometheus empty: ${(JSON.parse(look.stdout) as { reason: string }).reason}`);

  const second = await stood.release(Version.wrong);
  expect(second.code).not.toBe(0);
  expect(second.errors).toMatch(/another release under way .* which waits for a person/);
  const back = await stood.release(serves);
  expect(back.code, 'going back to what serves is never held up').toBe(0);
  const again = await stood.watch();
  tell('the way back', serves, again.result, sinceMs);
  expect(again.code).toBe(0);
  expect(again.result).toMatchObject({ outcome: 'promoted', byHand: [], judgement: null });
  expect(again.result.reason).toContain('going back takes no canary');
  expect(load.failures).toEqual([]);
  judge = await stood.startJudge(prometheus.url);
}, 200_000);

test('another image with the same champion is a canary too, and goes back by its own metric', async () => {
  const [sinceMs, planned] = [performance.now(), load.planned()];
  const update = await stood.release(serves, stood.withErringImage);
  expect(update.code, update.errors).toBe(0);
  const { code, result } = await stood.watch();
  tell('image that errs', serves, result, sinceMs);
  expect([code, result.outcome, result.byHand]).toEqual([1, 'rolled-back', []]);
  expect(failedOf(result)).toEqual(['errors']);
  expect(result.to.champion, 'the champion stays').toEqual(result.from?.champion);
  expect(result.to.image).not.toBe(result.from?.image);
  expect(load.planned(), 'requests that the suite asked it to fail').toBeGreaterThan(planned);
  expect(load.failures).toEqual([]);
}, 200_000);

test('pods that do not become ready are rolled back without a judge', async () => {
  const sinceMs = performance.now();
  const update = await stood.release(Version.notReady, (text) => text.replace(/patienceS: \d+/, 'patienceS: 20'));
  expect(update.code, 'up says so').not.toBe(0);
  expect(update.errors).toMatch(/rollout flight-delay: .*allowed: Healthy/);
  const { code, result } = await stood.watch();
  tell('not ready', Version.notReady, result, sinceMs);
  expect([code, result.outcome, result.judgement]).toEqual([1, 'rolled-back', null]);
  expect(result.reason).toMatch(/did not become ready/);
  expect(load.byVersion.has(String(Version.notReady)), 'it was never asked').toBe(false);
  expect(load.failures).toEqual([]);
}, 200_000);

test(
  'NaN: rolled back by the answers of lower levels, and no caller sees it',
  () => expectRolledBack('NaN', Version.nan, 'fallback'),
  200_000,
);

test('of two releases at once the second waits until the first is decided', async () => {
  const sinceMs = performance.now();
  expect((await stood.release(Version.next)).code).toBe(0);
  const first = (await hashes()).currentPodHash;
  // Another than what serves: the way back would not wait.
  const third = serves === Version.first ? Version.better : Version.first;
  const [{ result }, second] = await Promise.all([stood.watch(), stood.release(third)]);
  tell('the first of two', Version.next, result, sinceMs);
  expect(result).toMatchObject({ outcome: 'promoted', byHand: [], to: { podHash: first } });
  expect(second.code, second.errors).toBe(0);
  expect(second.stdout).toContain('waits for the release under way');
  const { stableRS, currentPodHash } = await hashes();
  expect(stableRS).toBe(first);
  expect(currentPodHash, 'the second begins').not.toBe(first);
  expect(load.failures).toEqual([]);
}, 200_000);
