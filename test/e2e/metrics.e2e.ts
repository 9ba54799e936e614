// budget: 240 s
// needs: prometheus, promtool, amtool, git
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { routedTo } from '@repo/components/fixtures/run-amtool';
import { failedCases } from '@repo/components/fixtures/run-promtool';
import { inflightScaling } from '@repo/components/inflight-scaling';
import { alertRouting } from '@repo/components/watch/alert-routing';
import { alertCases } from '@repo/components/watch/cases/alert-cases';
import { commonDashboards, modelDashboards } from '@repo/components/watch/dashboards/dashboards';
import { modelAlerts, modelRules } from '@repo/components/watch/model-rules';
import type { RuleGroup } from '@repo/components/watch/rule';
import { canaryQueries } from '@repo/experiments/canary-queries';
import { afterAll, beforeAll, expect, test } from 'vitest';
import flightDelay from '../../models/flight-delay/model.ts';
import { drawDashboards } from './metrics/draw-dashboards.ts';
import { deadSelectors, emptyQueries, evaluateSelectors } from './metrics/evaluate-queries.ts';
import { queriesOfDashboards, queriesOfRules } from './metrics/watched-queries.ts';
import { createWatchedWorld, hashes, type WatchedWorld } from './metrics/watched-world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { name } = flightDelay;
const rules = modelRules(flightDelay);
const group = rules.groups[0] as RuleGroup;
// With the experiment that the world pins.
const dashboards = [...commonDashboards(), ...modelDashboards({ ...flightDelay, experiment: { shadow: 1 } })];
const scaling = inflightScaling(flightDelay, 'models', '').triggers.map(({ metadata: { query = '' } }) => ({
  where: 'scaling by KEDA',
  query,
}));
const queries = [...queriesOfRules([group]), ...queriesOfDashboards(dashboards), ...scaling];
/** What the judge asks at a look, since Prometheus watches. */
const canaryLook = () => {
  const pods = { model: name, namespace: 'models', ...hashes };
  const asked = canaryQueries({ ...pods, sinceS: world.beganS, atS: Date.now() / 1000 });
  return Object.entries(asked).map(([what, query]) => ({ where: `canary ${what}`, query }));
};

/** Counters of what this suite does not bring about for sure; that they are there, at zero, is what an alert needs to see the first time. */
const standStill = [
  /^worker_restarts_total/,
  /^output_guard_trips_total/,
  /^prediction_outliers_total/,
  // Files of the log are uploaded where the state lies in S3, which the suite prediction-upload shows.
  /^prediction_log_files_total/,
  /result!="written"/,
];

let world: WatchedWorld;
beforeAll(async () => {
  world = await createWatchedWorld(rules);
});
afterAll(() => world?.remove());

test('Prometheus reads every rule', async () => {
  const { loaded, broken } = await world.prometheus.rules();
  expect(broken).toEqual([]);
  expect(loaded).toHaveLength(group.rules.length);
});

test('every vector selector of every rule, panel and canary query finds series, and what was driven moved', async () => {
  const evaluated = await evaluateSelectors(world.prometheus, [...queries, ...canaryLook()]);
  const unmoved: string[] = [];
  for (const { selector, series, where } of evaluated) {
    const isCounter = /^\w+_(?:total|count|bucket|sum)\b/.test(selector);
    const moved = isCounter ? (await world.prometheus.query(`max_over_time(${selector}[10m]) > 0`)).length : null;
    console.log(
      `${String(series).padStart(4)} series${moved === null ? '' : `, ${moved} moved`}  ${selector}  (${where.length} uses)`,
    );
    if (moved === 0 && !standStill.some((pattern) => pattern.test(selector))) unmoved.push(selector);
  }
  console.log(
    `${queries.length + canaryLook().length} queries, ${evaluated.length} selectors, ${deadSelectors(evaluated).length} dead`,
  );
  expect(deadSelectors(evaluated)).toEqual([]);
  expect(unmoved).toEqual([]);
});

test('every panel shows something, and everything is recorded', async () => {
  const shown = [...queries, ...canaryLook()].filter(({ where }) => !where.startsWith('alert'));
  expect(await emptyQueries(world.prometheus, shown)).toEqual([]);
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
  // The rest was found alive above.
  const some = [...queries.slice(-5), planted];
  expect(deadSelectors(await evaluateSelectors(world.prometheus, some))).toEqual([`${selector} (planted)`]);
});

test('two sides whose labels do not meet are found empty, and they alone', async () => {
  const query = 'sum by (level) (rate(predictions_total[5m])) / sum by (code) (rate(inference_requests_total[5m]))';
  const planted = { where: 'planted', query };
  expect(deadSelectors(await evaluateSelectors(world.prometheus, [planted]))).toEqual([]);
  expect(await emptyQueries(world.prometheus, [planted])).toEqual([`planted: ${query}`]);
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
  await drawDashboards(dashboards, world.prometheus, folder, 40);
  console.log(`dashboards: ${join(folder, 'index.html')}`);
  const files = readdirSync(folder).filter((file) => file.endsWith('.svg'));
  expect(files).toHaveLength(dashboards.length);
});

test('Alertmanager sends every alert to the receiver of its severity', () => {
  for (const { labels } of modelAlerts(flightDelay))
    expect(routedTo(alertRouting(), labels)).toEqual([labels.severity]);
});
