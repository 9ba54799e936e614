import { metrics as metricRows } from '@repo/contract/metric';
import { exampleServing, openExample } from '@repo/serving/fixtures/open-example';
import { createLogger } from '@repo/telemetry/logger';
import { createMetrics } from '@repo/telemetry/metrics';
import { expect, test } from 'vitest';
import { observePredictor } from './predict-observer.ts';

test('every event is counted, and the log has each state once', async () => {
  const model = await openExample(exampleServing({}), { companions: {} });
  await model.close();
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ level: 'info', to: { write: (line) => lines.push(JSON.parse(line)) } });
  const metrics = createMetrics(metricRows);
  const observer = observePredictor(metrics, logger, model);
  for (const guard of ['constant', 'constant', 'not_finite'] as const) observer.guardTripped('champion', guard);
  for (const failure of [null, new Error('gone'), new Error('gone'), null]) observer.storeRead(0.001, failure);
  for (const open of [true, false, true]) observer.breakerChanged('compact', open);
  observer.outlier('clamp');

  const scraped = await metrics.scrape();
  const labels = 'model="example",version="1"';
  expect(scraped).toContain(`output_guard_trips_total{${labels},level="champion",guard="constant"} 2`);
  expect(scraped).toContain(`output_guard_trips_total{${labels},level="champion",guard="not_finite"} 1`);
  expect(scraped).toContain('online_store_read_duration_seconds_count{result="read"} 2');
  expect(scraped).toContain('online_store_read_duration_seconds_count{result="failed"} 2');
  expect(scraped).toContain('fallback_breaker_open{model="example",level="compact"} 1');
  expect(scraped).toContain(`prediction_outliers_total{${labels},policy="clamp"} 1`);
  expect(lines.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
    'error: the model gave 200 rows that differ the same answer',
    'warn: the online store does not answer; its features are missing',
    'info: the online store answers again',
    'warn: failed too often: not asked for 10 seconds',
    'warn: answers again',
    'warn: failed too often: not asked for 10 seconds',
  ]);
});

test('a breaker that was open when its version was swapped away is not shown as open for the next', async () => {
  const contract = exampleServing({ fallback: ['compact', 'prior'] });
  const [before, after] = [await openExample(contract), await openExample(contract, { version: 2 })];
  await Promise.all([before.close(), after.close()]);
  const metrics = createMetrics(metricRows);
  const logger = createLogger({ level: 'silent' });
  const series = 'fallback_breaker_open{model="example",level="compact"}';
  observePredictor(metrics, logger, before).breakerChanged('compact', true);
  expect(await metrics.scrape()).toContain(`${series} 1`);
  observePredictor(metrics, logger, after);
  expect(await metrics.scrape()).toContain(`${series} 0`);
  expect(await metrics.scrape()).not.toContain('fallback_breaker_open{model="example",level="prior"');
});
