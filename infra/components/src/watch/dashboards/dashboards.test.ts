import { type MetricName, metrics } from '@repo/contract/metric';
import { expect, test } from 'vitest';
import { watchedExamples } from '../../fixtures/watched-examples.ts';
import type { WatchedModel } from '../watched-model.ts';
import type { Dashboard } from './dashboard.ts';
import { commonDashboards, modelDashboards } from './dashboards.ts';
import { metricLines } from './metric-query.ts';

const [bus, bikes] = watchedExamples as [WatchedModel, WatchedModel];
const all = [...commonDashboards(), ...modelDashboards(bus), ...modelDashboards(bikes)];
const named = all.map((one): [string, Dashboard] => [one.title, one]);
const panelOf = (title: string, uid: string) =>
  all.find((one) => one.uid === uid)?.panels.find((panel) => panel.title === title);

test('a counter is shown by its rate, a gauge by its largest value, a histogram by its quantiles', () => {
  expect(metricLines('inference_requests_total').map(({ query }) => query)).toEqual([
    'sum by (model, version, code) (rate(inference_requests_total[5m]))',
  ]);
  expect(metricLines('inference_inflight').map(({ query }) => query)).toEqual(['max (inference_inflight)']);
  expect(metricLines('inference_queue_duration_seconds', { by: ['pod'], of: { model: 'm' } })).toEqual(
    [0.5, 0.99].map((q) => ({
      query: `histogram_quantile(${q}, sum by (le, pod) (rate(inference_queue_duration_seconds_bucket{model="m"}[5m])))`,
      legend: `p${q * 100} {{pod}}`,
    })),
  );
});

test('every metric that the service declares is on a dashboard', () => {
  const queries = JSON.stringify(all);
  const unseen = (Object.keys(metrics) as MetricName[]).filter((name) => !queries.includes(name));
  // Recorded ahead of time: the panel shows what is made of them.
  expect(unseen).toEqual([]);
});

test.each(named)('%s has its panels side by side, none over another, each with a text and a query', (_, { panels }) => {
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  for (const { gridPos, description, targets, title } of panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    expect(description, title).toMatch(/[.?]$/);
    expect(targets.length, title).toBeGreaterThan(0);
  }
});

test('no two dashboards have one address, none has two panels of one title', () => {
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
  for (const { panels } of all) expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  const long = (end: string) => modelDashboards({ ...bus, name: `buses-that-come-late-${'x'.repeat(40)}-${end}` });
  const uids = [...long('a'), ...long('b')].map(({ uid }) => uid);
  expect(new Set(uids).size).toBe(uids.length);
  // Grafana refuses longer ones.
  for (const uid of uids) expect(uid.length).toBeLessThanOrEqual(40);
});

test('the lines of a model are its objectives, in the unit of their panel', () => {
  const steps = (title: string) => panelOf(title, 'causeway-model-late-bus')?.fieldConfig.defaults.thresholds.steps;
  expect(steps('Duration')?.at(-1)).toEqual({ color: 'red', value: 0.025 });
  expect(steps('Failed requests')?.at(-1)).toEqual({ color: 'red', value: 0.01 });
  expect(steps('Answered, 3 days')).toEqual([
    { color: 'red', value: null },
    { color: 'green', value: 0.99 },
  ]);
  expect(panelOf('Shift of the answers', 'causeway-quality-bike-demand')).toBeUndefined();
});
