import { metrics as rows } from '@repo/contract/metric';
import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

const small = {
  jobs_total: { type: 'counter', help: 'Jobs.', unit: 'requests', labels: ['kind'] },
  jobs_waiting: { type: 'gauge', help: 'Waiting.', unit: 'requests', labels: [] },
  job_duration_seconds: { type: 'histogram', help: 'Time.', unit: 'seconds', labels: ['kind'], buckets: [0.1, 1] },
} as const;

test('what is counted is what is scraped', async () => {
  const metrics = createMetrics(small);
  metrics.increment('jobs_total', { kind: 'a' });
  metrics.increment('jobs_total', { kind: 'a' }, 2);
  metrics.set('jobs_waiting', {}, 9);
  metrics.add('jobs_waiting', {}, -3);
  metrics.add('jobs_waiting', {}, 1);
  metrics.observe('job_duration_seconds', { kind: 'a' }, 0.5);
  const text = await metrics.scrape();
  expect(text).toContain('# HELP jobs_total Jobs.');
  expect(text).toContain('jobs_total{kind="a"} 3');
  expect(text).toContain('jobs_waiting 7');
  expect(text).toContain('job_duration_seconds_bucket{le="0.1",kind="a"} 0');
  expect(text).toContain('job_duration_seconds_bucket{le="1",kind="a"} 1');
});

test('what is bound counts into the same series as what is not, and is checked when it is bound', async () => {
  const metrics = createMetrics(small);
  metrics.increment('jobs_total', { kind: 'a' });
  const count = metrics.bindCounter('jobs_total', { kind: 'a' });
  const observe = metrics.bindHistogram('job_duration_seconds', { kind: 'a' });
  count();
  count(2);
  metrics.increment('jobs_total', { kind: 'a' });
  for (const seconds of [0.05, 0.1, 0.5, 2]) observe(seconds);
  metrics.observe('job_duration_seconds', { kind: 'a' }, 0.5);
  metrics.bindCounter('jobs_total', { kind: 'b' });
  const move = metrics.bindGauge('jobs_waiting', {});
  metrics.add('jobs_waiting', {}, 5);
  move(2);
  move(-1);
  const text = await metrics.scrape();
  expect(text).toContain('jobs_total{kind="a"} 5');
  expect(text).toContain('jobs_total{kind="b"} 0');
  expect(text).toContain('jobs_waiting 6');
  expect(text).toContain('job_duration_seconds_bucket{le="0.1",kind="a"} 2');
  expect(text).toContain('job_duration_seconds_bucket{le="1",kind="a"} 4');
  expect(text).toContain('job_duration_seconds_bucket{le="+Inf",kind="a"} 5');
  expect(text).toContain('job_duration_seconds_count{kind="a"} 5');
  expect(text).toMatch(/job_duration_seconds_sum\{kind="a"\} 3\.15/);
  // @ts-expect-error: no such label
  expect(() => metrics.bindCounter('jobs_total', { host: 'a' })).toThrow(/received labels host/);
  // @ts-expect-error: a counter is no histogram
  expect(() => metrics.bindHistogram('jobs_total', { kind: 'a' })).toThrow(/no histogram of this name/);
});

test('a series that is removed is not scraped, and can be bound again', async () => {
  const metrics = createMetrics(small);
  metrics.bindHistogram('job_duration_seconds', { kind: 'a' })(0.5);
  metrics.increment('jobs_total', { kind: 'a' });
  metrics.increment('jobs_total', { kind: 'b' });
  metrics.remove('jobs_total', { kind: 'a' });
  metrics.remove('job_duration_seconds', { kind: 'a' });
  expect(await metrics.scrape()).not.toContain('kind="a"');
  expect(await metrics.scrape()).toContain('jobs_total{kind="b"} 1');
  metrics.bindHistogram('job_duration_seconds', { kind: 'a' })(0.5);
  expect(await metrics.scrape()).toContain('job_duration_seconds_count{kind="a"} 1');
  // @ts-expect-error: no such label
  expect(() => metrics.remove('jobs_total', { host: 'a' })).toThrow(/received labels host/);
});

test('an undeclared metric neither compiles nor runs', () => {
  const metrics = createMetrics(small);
  // @ts-expect-error: no such row
  expect(() => metrics.increment('jobs_lost', { kind: 'a' })).toThrow(
    /jobs_lost: received no counter.*allowed: jobs_total/,
  );
  // @ts-expect-error: a gauge is no counter
  expect(() => metrics.increment('jobs_waiting', {})).toThrow(/no counter of this name/);
});

test('an undeclared or a forgotten label neither compiles nor runs', () => {
  const metrics = createMetrics(small);
  // @ts-expect-error: no such label
  expect(() => metrics.increment('jobs_total', { kind: 'a', host: 'b' })).toThrow(
    /received labels kind, host; allowed: exactly kind/,
  );
  // @ts-expect-error: kind is missing
  expect(() => metrics.increment('jobs_total', {})).toThrow(/received labels none/);
});

test('a histogram without buckets is refused when it is made', () => {
  const row = { type: 'histogram', help: 'Time.', unit: 'seconds', labels: [] } as const;
  expect(() => createMetrics({ job_duration_seconds: row })).toThrow(/received no buckets/);
});

test('two sets of metrics share nothing', async () => {
  const [a, b] = [createMetrics(small), createMetrics(small)];
  a.increment('jobs_total', { kind: 'a' });
  expect(await b.scrape()).not.toContain('jobs_total{');
});

test('the rows of the service keep to the naming of Prometheus', () => {
  for (const [name, row] of Object.entries(rows)) {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total')).toBe(row.type === 'counter');
    expect(name.endsWith('_seconds')).toBe(row.unit === 'seconds');
    const buckets = 'buckets' in row ? [...row.buckets] : [];
    expect(buckets).toEqual([...new Set(buckets)].sort((a, b) => a - b));
    expect(buckets.length > 0).toBe(row.type === 'histogram');
  }
});
