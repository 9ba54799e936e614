// budget: 600 s
// needs: pulumi, kubectl, prometheus, buildah|docker, $KUBECONFIG
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Version } from './canary/make-releases.ts';
import { type ReplayedLoad, replayedFlights, startReplay } from './canary/replayed-load.ts';
import { type RolloutState, rolloutState } from './canary/rollout-state.ts';
import { model, namespace, standUp } from './canary/stand-up.ts';
import type { Running } from './canary/start-program.ts';
import { startPrometheus } from './canary/start-prometheus.ts';
import { serverUrl } from './infra/cluster.ts';

let stood: Awaited<ReturnType<typeof standUp>>;
let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
let judge: Running;
let load: ReplayedLoad;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

beforeAll(async () => {
  const { hostname } = await serverUrl();
  expect(['127.0.0.1', 'localhost', '[::1]'], 'the cluster must be on this machine').toContain(hostname);
  stood = await standUp();
  prometheus = await startPrometheus(stood.folder, namespace, stood.env);
  judge = await stood.startJudge(prometheus.url);
  const bodies = await replayedFlights(join(stood.root, 'features/flights/data/flights-2013.parquet'), 2000);
  load = startReplay(stood.url, stood.key, bodies, 50);
}, 300_000);

afterAll(async () => {
  await load?.stop();
  await Promise.all([judge?.stop(), prometheus?.stop()]);
  console.log(judge?.lines.slice(-30).join('\n'));
  await stood?.tearDown();
}, 120_000);

/** Waits until a release has ended, one way or the other. */
async function ended(limitS: number): Promise<RolloutState> {
  const untilMs = performance.now() + limitS * 1000;
  let last = '';
  while (true) {
    const state = await rolloutState(namespace, model);
    const now = JSON.stringify(state);
    if (now !== last) console.log(new Date().toISOString(), now);
    last = now;
    if (state.isAborted || state.isPromoted || performance.now() > untilMs) return state;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

test('a better champion is promoted', async () => {
  const startMs = performance.now();
  const update = await stood.release(Version.better);
  expect(update.code, update.errors).toBe(0);
  const state = await ended(150);
  console.log(`better: ${seconds(performance.now() - startMs)}, sent ${load.sent()}, failed ${load.failures.length}`);
  expect(state).toMatchObject({ isPromoted: true });
  expect(load.failures).toEqual([]);
}, 200_000);

test('wrong scores are rolled back', async () => {
  const startMs = performance.now();
  const update = await stood.release(Version.wrong);
  expect(update.code, update.errors).toBe(0);
  const state = await ended(120);
  const at300 = load.byVersion.get('3')?.at300Ms ?? Number.NaN;
  console.log(`wrong: ${seconds(performance.now() - startMs)}, ${seconds(performance.now() - at300)} after the 300th`);
  expect(state).toMatchObject({ isAborted: true });
  expect(load.failures).toEqual([]);
}, 200_000);
