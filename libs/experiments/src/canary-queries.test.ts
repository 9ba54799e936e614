import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canaryQueries } from './canary-queries.ts';

/** Five minutes before the canary and five with it, scraped every 30 s. */
const queries = canaryQueries({
  model: 'tides',
  namespace: 'models',
  stable: 'aa',
  canary: 'bb',
  sinceS: 300,
  atS: 600,
});
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

const series = (name: string, podHash: string, pod: string, values: string, more = '') => ({
  series: `${name}{app_kubernetes_io_name="tides",namespace="models",rollouts_pod_template_hash="${podHash}",pod="${pod}"${more}}`,
  values,
});

/** What promtool finds wrong when `query` over these series is to give these samples; empty when nothing is. */
function problemsOf(query: string, input_series: object[], samples: Record<string, number>): string {
  const dir = mkdtempSync(join(tmpdir(), 'promtool-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const exp_samples = Object.entries(samples).map(([labels, value]) => ({ labels: `{${labels}}`, value }));
  const tests = [{ interval: '30s', input_series, promql_expr_test: [{ expr: query, eval_time: '10m', exp_samples }] }];
  const file = join(dir, 'test.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ rule_files: [], tests }));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

const aa = 'rollouts_pod_template_hash="aa"';
const bb = 'rollouts_pod_template_hash="bb"';
const requests = 'inference_requests_total';

test.skipIf(!hasPromtool)(
  'each side counts since the canary began, to the request: what was before, and a first scrape, included',
  () => {
    const input = [
      // 10 every 30 s: 100 by the time that the canary begins, and 100 since.
      series(requests, 'aa', 'a-1', '0+10x20'),
      // Of the canary, first scraped with 7 requests, then 5 more at each of the others.
      series(requests, 'bb', 'b-1', '_x11 7+5x8'),
    ];
    expect(problemsOf(queries.requests, input, { [aa]: 100, [bb]: 47 })).toBe('');
  },
);

test.skipIf(!hasPromtool)('a pod that becomes stable in the middle goes on counting where it was', () => {
  const input = [
    series(requests, 'aa', 'a-1', '0+10x14', ',variant="canary"'),
    series(requests, 'aa', 'a-1', '_x15 150+10x5', ',variant="stable"'),
  ];
  expect(problemsOf(queries.requests, input, { [aa]: 100 })).toBe('');
});

test.skipIf(!hasPromtool)(
  'a pod that left in the middle has counted, and one that restarted has not begun from nothing',
  () => {
    const input = [
      series(requests, 'aa', 'gone', '0+10x14 stale'),
      // 40 before it restarts, 60 after; what is between the last scrape and the restart nobody knows.
      series(requests, 'bb', 'restarted', '_x10 0 10 20 30 40 0 20 40 60 60'),
    ];
    // `increase` stretches what it has seen in 270 s over all 300.
    expect(problemsOf(queries.requests, input, { [aa]: 40, [bb]: 1000 / 9 })).toBe('');
  },
);

test.skipIf(!hasPromtool)(
  'errors are answers of 5xx alone, refusals of 4xx, buckets keep their bounds, and ready pods are counted over the time',
  () => {
    const codes = [
      series(requests, 'bb', 'b-1', '_x11 0+5x8', ',code="500"'),
      series(requests, 'bb', 'b-1', '_x11 0+9x8', ',code="400"'),
    ];
    expect(problemsOf(queries.errors, codes, { [bb]: 40 })).toBe('');
    expect(problemsOf(queries.refusals, codes, { [bb]: 72 })).toBe('');
    const buckets = ['0.1', '+Inf'].map((le, i) =>
      series('inference_request_duration_seconds_bucket', 'bb', 'b-1', `_x11 0+${i + 1}x8`, `,le="${le}"`),
    );
    expect(problemsOf(queries.latency, buckets, { [`le="0.1",${bb}`]: 8, [`le="+Inf",${bb}`]: 16 })).toBe('');
    const ready = [
      ...[1, 2, 3].map((version) => series('model_ready', 'aa', 'a-1', '1x20', `,version="${version}"`)),
      series('model_ready', 'aa', 'a-2', '1x20', ',version="1"'),
    ];
    expect(problemsOf(queries.podSeconds, ready, { [aa]: 610 })).toBe('');
  },
);
