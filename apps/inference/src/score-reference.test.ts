import { metrics as rows } from '@repo/contract/metric';
import { createMetrics } from '@repo/telemetry/metrics';
import { expect, test } from 'vitest';
import { shareAtOrBelow, showScoreReference } from './score-reference.ts';

const answers = { edges: [0.1, 0.2, 0.6], counts: [10, 20, 30, 40] };

test('the share of training answers up to a score is exact at the edges of the profile, and between them on a line', () => {
  expect([0, 0.1, 0.2, 0.6, 1].map((score) => shareAtOrBelow(answers, score))).toEqual([0, 0.1, 0.3, 0.6, 1]);
  expect(shareAtOrBelow(answers, 0.4)).toBeCloseTo(0.45, 12);
  expect(shareAtOrBelow(answers, 0.05)).toBeCloseTo(0.05, 12);
  expect(shareAtOrBelow(answers, 0.8)).toBeCloseTo(0.8, 12);
});

test('edges that meet, as of a model that mostly answers the same, divide by nothing', () => {
  const same = { edges: [0.3, 0.3, 0.3], counts: [0, 100, 0, 0] };
  expect([0.25, 0.3, 0.9].map((score) => shareAtOrBelow(same, score))).toEqual([0, 1, 1]);
});

test('the reference has the bounds of the scores, as prom-client writes them, and goes with its version', async () => {
  const metrics = createMetrics(rows);
  const labels = { model: 'm', version: '1' };
  metrics.observe('prediction_score', labels, 0.5);
  const profile = { schemaVersion: 1 as const, rows: 100, labelMean: 0.3, features: [], answers, outliers: null };
  const remove = showScoreReference(metrics, labels, profile);
  const text = await metrics.scrape();
  const bounds = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}\\{.*?le="([^"]+)"`, 'gm'))].map(([, le]) => le);
  expect(bounds('prediction_score_reference')).toEqual(bounds('prediction_score_bucket').filter((le) => le !== '+Inf'));
  expect(text).toContain('prediction_score_reference{model="m",version="1",le="0.2"} 0.3');
  remove();
  expect(await metrics.scrape()).not.toContain('prediction_score_reference{');
});
