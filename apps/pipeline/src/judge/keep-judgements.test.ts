import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releasePolicySchema } from '@repo/contract/release-policy';
import type { ArmEvidence } from '@repo/experiments/canary-evidence';
import { judgeCanary } from '@repo/experiments/judge-canary';
import { expect, onTestFinished, test } from 'vitest';
import type { Judged } from './create-judge.ts';
import { keepJudgements } from './keep-judgements.ts';

const arm = (errors: number): ArmEvidence => ({
  ...{ requests: 2000, errors, refusals: 0, predictions: 2000, fallbacks: 0, replicas: 600 },
  latency: { bounds: [0.01, 0.1], counts: [1000, 990, 10] },
  scores: { bounds: [0.5, 1], counts: [1500, 500, 0] },
});
const evidence = { stable: arm(2), canary: arm(200), agreement: { compared: 2000, disagreed: 0, largest: 0 } };
const judged = { release: releasePolicySchema.parse({ steps: [50, 100] }), task: 'binary' as const };

const judgementAt = (at: string, podHash = '5d8f'): Judged => ({
  judgement: {
    schemaVersion: 1,
    model: 'tides',
    stable: { podHash: '7cbb', versions: ['1'] },
    canary: { podHash, versions: ['2'] },
    since: '2026-01-01T12:00:00.000Z',
    at,
    ...judgeCanary(judged, evidence),
  },
  evidence,
  judged,
});

test('what is kept of a judgement gives the same verdict and metrics when it is judged again', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'judgements-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = await keepJudgements(dir)(judgementAt('2026-01-01T12:05:00.000Z'));
  expect(path).toBe(join(dir, 'judgements/tides/5d8f/20260101T120500000Z.json'));
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Judged & { evidence: typeof evidence };
  const again = judgeCanary(kept.judged, kept.evidence);
  expect(again.verdict).toBe('fail');
  expect(kept.judgement).toMatchObject({ verdict: again.verdict, reason: again.reason, metrics: again.metrics });
  await keepJudgements(dir)(judgementAt('2026-01-01T12:06:00.000Z'));
  expect(readdirSync(join(dir, 'judgements/tides/5d8f'))).toHaveLength(2);
});

test('of many canaries the last 20 are kept', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'judgements-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const folder = join(dir, 'judgements/tides');
  for (let canary = 0; canary < 25; canary++) {
    mkdirSync(join(folder, `c${canary}`), { recursive: true });
    utimesSync(join(folder, `c${canary}`), 1000 + canary, 1000 + canary);
  }
  await keepJudgements(dir)(judgementAt('2026-01-01T12:05:00.000Z'));
  const kept = Array.from({ length: 19 }, (_, i) => `c${6 + i}`);
  expect(readdirSync(folder).sort()).toEqual(['5d8f', ...kept].sort());
});
