import { type MetricName, metrics } from '@repo/contract/metric';
import { expect, test } from 'vitest';
import { metricQueries } from './metric-query.ts';
import { serviceDashboard } from './service-dashboard.ts';
import { serviceRules } from './service-rules.ts';

test('a counter is shown by its rate, a gauge by its largest value, a histogram by its quantiles', () => {
  expect(metricQueries('inference_requests_total').map(({ query }) => query)).toEqual([
    'sum by (model, version, code) (rate(inference_requests_total[5m]))',
  ]);
  expect(metricQueries('inference_inflight').map(({ query }) => query)).toEqual(['max (inference_inflight)']);
  expect(metricQueries('inference_queue_duration_seconds').map(({ legend }) => legend)).toEqual([
    'p50 {{model}} {{version}}',
    'p99 {{model}} {{version}}',
  ]);
});

test('every metric that the service declares has a graph, none twice', () => {
  expect(serviceDashboard().panels.map(({ title }) => title)).toEqual(Object.keys(metrics));
  const places = serviceDashboard().panels.map(({ gridPos }) => `${gridPos.x},${gridPos.y}`);
  expect(new Set(places).size).toBe(places.length);
});

test('alerts ask only for labels that their metrics have', () => {
  for (const { expr } of serviceRules().groups.flatMap(({ rules }) => rules)) {
    const names = (Object.keys(metrics) as MetricName[]).filter((name) => expr.includes(name));
    expect(names.length, expr).toBeGreaterThan(0);
    const known = names.flatMap((name): readonly string[] => metrics[name].labels);
    const asked = [...expr.matchAll(/by \(([^)]*)\)|\{(\w+)=/g)].flatMap(([, list, one]) =>
      (list ?? one ?? '').split(', '),
    );
    expect(known, expr).toEqual(expect.arrayContaining(asked));
  }
});
