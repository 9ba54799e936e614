// budget: 240 s
// needs: prometheus, promtool, amtool, git
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { routedTo } from '@repo/components/fixtures/run-amtool';
import { failedCases } from '@repo/components/fixtures/run-promtool';
import { inflightScaling } from '@repo/components/inflight-scaling';
import { alertRouting } from '@repo/components/watch/alert-routing';
import { alertCases } from '@repo/components/watch/cases/alert-cases';
import { commonDashboards, modelDashboards } from '@repo/components/watch/dashboards/dashboards';
import { modelAlerts, modelRules } from '@repo/components/watch/model-rules';
import type { RuleGroup } from '@repo/components/watch/rule';
import { targetLabels } from '@repo/contract/target-label';
import { canaryQueries } from '@repo/experiments/canary-queries';
import { afterAll, beforeAll, expect, test } from 'vitest';
import flightDelay from '../../models/flight-delay/model.ts';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { drawDashboards } from './metrics/draw-dashboards.ts';
import { deadSelectors, emptyQueries, evaluateSelectors } from './metrics/evaluate-queries.ts';
import { flightRequests } from './metrics/flight-requests.ts';
import { pinNextVersion } from './metrics/next-version.ts';
import { createPrometheus, type Prometheus } from './metrics/prometheus.ts';
import { serveRecorded } from './metrics/recorded-exposition.ts';
import { pinSameVersions } from './metrics/same-versions.ts';
import { askOddly, overload, replay } from './metrics/traffic.ts';
import { queriesOfDashboards, queriesOfRules } from './metrics/watched-queries.ts';
import { type Served, serveWorkspace } from './served-workspace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { name } = flightDelay;
const rules = modelRules(flightDelay);
const group = rules.groups[0] as RuleGroup;
// The model with the experiment that is pinned below.
const dashboards = [...commonDashboards(), ...modelDashboards({ ...flightDelay, experiment: { shadow: 1 } })];
const scaling = inflightScaling(flightDelay, 'models', '').triggers.map(({ metadata: { query = '' } }) => ({
  where: 'scaling by KEDA',
  query,
}));
const queries = [...queriesOfRules([group]), ...queriesOfDashboards(dashboards), ...scaling];
/** What the judge asks at a look. */
const canaryLook = (sinceS: number) => {
  const pods = { model: name, namespace: 'models', stable: hashes.stable, canary: hashes.canary };
  const asked = Object.entries(canaryQueries({ ...pods, sinceS, atS: Date.now() / 1000 }));
  return asked.map(([what, query]) => ({ where: `canary ${what}`, query }));
};

/** Counters of what this suite does not bring about; that they are there, at zero, is what an alert needs to see the first time. */
const standStill = [/^worker_restarts_total/, /^output_guard_trips_total/, /^prediction_outliers_total/];

const workspace = createCopiedWorkspace();
const services: Served[] = [];
let prometheus: Prometheus;
let beganS = 0;
let controller: Awaited<ReturnType<typeof serveRecorded>>;

const hashes = { stable: '65585648f6', canary: '745cc795f' } as const;

/** Labels of a pod, as its monitor copies them. */
const podLabels = (variant: 'stable' | 'canary') => ({
  [targetLabels.model]: name,
  [targetLabels.variant]: variant,
  [targetLabels.templateHash]: hashes[variant],
  namespace: 'models',
  pod: `${name}-${variant}-1`,
});

/** A stable pod with everything, and a canary whose online store is away: the second meets what the first does not. */
async function startServices(): Promise<[Served, Served]> {
  const common = { REGISTRY_POLL_MS: '500', LOG_LEVEL: 'info' };
  const stable = await serveWorkspace(workspace.root, common);
  services.push(stable);
  const canary = await serveWorkspace(workspace.root, {
    ...common,
    VARIANT: 'canary',
    CAUSEWAY_STATE: `file:${workspace.root}/.causeway/canary`,
    ONLINE_STORE: 'redis://127.0.0.1:9',
  });
  services.push(canary);
  return [stable, canary];
}

beforeAll(async () => {
  await workspace.succeed('causeway', 'materialize', name, '--at', '2013-12-24T16:00:00Z');
  pinSameVersions(join(workspace.root, 'models', name), 'tailnum');
  const [stable, canary] = await startServices();
  controller = await serveRecorded(fileURLToPath(new URL('fixtures/argo-rollouts-1.9.1', import.meta.url)), 5);
  const target = (served: Served, variant: 'stable' | 'canary') => ({
    ...{ job: 'service', port: served.adminPort, labels: podLabels(variant) },
  });
  const rollouts = { namespace: 'argo-rollouts', pod: 'argo-rollouts-1' };
  prometheus = await createPrometheus(
    [
      target(stable, 'stable'),
      target(canary, 'canary'),
      { job: 'rollouts', port: controller.port, labels: rollouts, honorLabels: true },
    ],
    [rules],
  );
  beganS = Date.now() / 1000;
  const flights = await flightRequests();
  const modelDir = join(workspace.root, 'models', name);
  const [steady, small] = [replay(stable, flights, 50), replay(canary, flights, 15)];
  await wait(5000);
  for (const served of [stable, canary]) console.log(await askOddly(served, flights[0] as (typeof flights)[0]));
  pinNextVersion(modelDir);
  await wait(5000);
  console.log('overload:', await overload(canary, 300));
  pinNextVersion(modelDir, true);
  await wait(15_000);
  console.log('replayed:', await steady.stop(), await small.stop());
  await wait(2000);
});
afterAll(async () => {
  await Promise.all(services.map((served) => served.stop()));
  await prometheus?.remove();
  controller?.close();
  workspace.remove();
});

test('Prometheus reads every rule', async () => {
  const { loaded, broken } = await prometheus.rules();
  expect(broken).toEqual([]);
  expect(loaded).toHaveLength(group.rules.length);
});

test('every vector selector of every rule, panel and canary query finds series, and what was driven moved', async () => {
  const evaluated = await evaluateSelectors(prometheus, [...queries, ...canaryLook(beganS)]);
  const unmoved: string[] = [];
  for (const { selector, series, where } of evaluated) {
    const isCounter = /^\w+_(?:total|count|bucket|sum)\b/.test(selector);
    const moved = isCounter ? (await prometheus.query(`max_over_time(${selector}[10m]) > 0`)).length : null;
    console.log(
      `${String(series).padStart(4)} series${moved === null ? '' : `, ${moved} moved`}  ${selector}  (${where.length} uses)`,
    );
    if (moved === 0 && !standStill.some((pattern) => pattern.test(selector))) unmoved.push(selector);
  }
  console.log(
    `${queries.length + canaryLook(beganS).length} queries, ${evaluated.length} selectors, ${deadSelectors(evaluated).length} dead`,
  );
  expect(deadSelectors(evaluated)).toEqual([]);
  expect(unmoved).toEqual([]);
});

test('every panel shows something, and everything is recorded', async () => {
  const shown = [...queries, ...canaryLook(beganS)].filter(({ where }) => !where.startsWith('alert'));
  expect(await emptyQueries(prometheus, shown)).toEqual([]);
});

test.each([
  [
    'a metric that nobody emits',
    'sum (rate(inference_request_total[5m])) / sum (rate(inference_requests_total[5m]))',
    'inference_request_total',
  ],
  [
    'a label that no series has',
    'sum (rate(predictions_total{levels="champion"}[5m]))',
    'predictions_total{levels="champion"}',
  ],
  [
    'a value that no label takes',
    'sum (rate(feature_values_total{status="absent"}[5m]))',
    'feature_values_total{status="absent"}',
  ],
  [
    'milliseconds for seconds',
    'inference_request_duration_seconds_bucket{le="50"}',
    'inference_request_duration_seconds_bucket{le="50"}',
  ],
])('%s is found dead, and it alone', async (_what, query, selector) => {
  const planted = { where: 'planted', query };
  expect(deadSelectors(await evaluateSelectors(prometheus, [...queries, planted]))).toEqual([`${selector} (planted)`]);
});

test('two sides whose labels do not meet are found empty, and they alone', async () => {
  const query = 'sum by (level) (rate(predictions_total[5m])) / sum by (code) (rate(inference_requests_total[5m]))';
  const planted = { where: 'planted', query };
  expect(deadSelectors(await evaluateSelectors(prometheus, [planted]))).toEqual([]);
  expect(await emptyQueries(prometheus, [planted])).toEqual([`planted: ${query}`]);
});

test('every alert fires in its worlds and is quiet in those beside them', () => {
  const cases = alertCases(flightDelay);
  expect(cases.map(({ alert }) => alert).sort()).toEqual(
    modelAlerts(flightDelay)
      .map(({ alert }) => alert)
      .sort(),
  );
  expect(failedCases(group, cases)).toEqual([]);
  const count = cases.reduce((sum, { fires, quiet }) => sum + fires.length + quiet.length, 0);
  console.log(`${cases.length} alerts, ${count} cases`);
});

// DASHBOARDS=docs/dashboards draws those of docs/monitoring.md anew.
test('dashboards are drawn with what was measured', async () => {
  const folder = resolve(root, process.env.DASHBOARDS ?? '.causeway/dashboards');
  await drawDashboards(dashboards, prometheus, folder, 40);
  console.log(`dashboards: ${join(folder, 'index.html')}`);
  const files = readdirSync(folder).filter((file) => file.endsWith('.svg'));
  expect(files).toHaveLength(dashboards.length);
});

test('Alertmanager sends every alert to the receiver of its severity', () => {
  for (const { labels } of modelAlerts(flightDelay))
    expect(routedTo(alertRouting(), labels)).toEqual([labels.severity]);
});
