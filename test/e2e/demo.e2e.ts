// budget: 600 s
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

// 5 minutes on two processors that nobody else uses; the budget leaves room for those that others do.
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'demo-'));

interface Finding {
  kind: string;
  name: string;
  outcome: string;
}

interface Interval {
  estimate: number;
  lower: number;
  upper: number;
}

interface Story {
  replay: { requests: number; fallbacks: number; tickCost: Interval | null };
  weeks: { fromUs: number; lateShare: number; logLoss: Interval }[];
  watched: { at: string; spoken: Finding[] }[];
  retrained: { decision: { state: string; reasons: { trigger: string }[]; run: { outcome: string; version: number } } };
  poisoned: { labels: { flights: number }; run: { decision: { run: { outcome: string; version: number | null } } } };
  canary: { verdict: string; looks: { step: number; verdict: string }[] };
  promotion: { version: number };
  comparison: { before: Interval; after: Interval; paired: Interval & { days: number } };
  notRun: { step: string }[];
}

let story: Story;
let page = '';

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'tools/demo/src/main.ts'), '--out', folder], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  story = JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8'));
  page = readFileSync(join(folder, 'index.html'), 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const speaks = ({ spoken }: Story['watched'][number]): boolean =>
  spoken.some(({ kind, outcome }) => kind === 'model' && outcome === 'page');

test('every step ran, and every flight of the quarter was answered', () => {
  expect(story.notRun).toEqual([]);
  expect(story.replay.requests).toBeGreaterThan(83_000);
});

test('monitors are quiet about the model in October and November and speak in December, of its realised log-loss', () => {
  const quiet = story.watched.filter(({ at }) => at < '2013-12-02');
  expect(quiet.map(speaks)).toEqual([false, false]);
  const last = story.watched.at(-1) as Story['watched'][number];
  expect(speaks(last)).toBe(true);
  expect(last.spoken).toContainEqual(expect.objectContaining({ kind: 'model', name: 'logLoss', outcome: 'page' }));
});

test('it is trained again for what the monitors said, and its gates let it pass', () => {
  const { decision } = story.retrained;
  expect(decision.state).toBe('run');
  expect(decision.reasons.map(({ trigger }) => trigger)).toContain('quality');
  expect(decision.run).toMatchObject({ outcome: 'proposed', version: 2 });
});

test('a retrain on poisoned labels is stopped on the way and is no version', () => {
  expect(story.poisoned.labels.flights).toBeGreaterThan(10_000);
  expect(story.poisoned.run.decision.run).toMatchObject({ outcome: 'stopped', version: null });
});

test('the canary passes each step and the candidate becomes the champion', () => {
  expect(story.canary.verdict).toBe('pass');
  const passed = story.canary.looks.filter(({ verdict }) => verdict === 'pass').map(({ step }) => step);
  expect(passed).toEqual([25, 50]);
  expect(story.promotion.version).toBe(2);
});

test('log-loss after is told against before, with an interval over days', () => {
  const { before, after, paired } = story.comparison;
  for (const { lower, estimate, upper } of [before, after, paired]) {
    expect(lower).toBeLessThan(upper);
    expect(estimate).toBeGreaterThan(lower);
    expect(estimate).toBeLessThan(upper);
  }
  expect(paired.days).toBeGreaterThanOrEqual(14);
});

test('the page holds its pictures itself and asks nobody for anything', () => {
  expect(page.match(/<svg /g)?.length).toBeGreaterThanOrEqual(5);
  expect(page).not.toMatch(/<script|<img|<link|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});
