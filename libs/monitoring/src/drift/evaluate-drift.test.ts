import type { Finding } from '@repo/contract/monitor-findings';
import { expect, test } from 'vitest';
import type { Window } from '../window.ts';
import { driftFloors } from './drift-floors.ts';
import { measureDriftLaw } from './drift-law.ts';
import { type DriftEvidence, evaluateDrift } from './evaluate-drift.ts';
import { type PlantedChange, plantedDays, plantedWorld } from './fixtures/planted-world.ts';

const training = plantedDays(1, 60);
const world = plantedWorld(2, training);
const law = measureDriftLaw(world.profile, training);
const wild = { shift: 1, missing: 0.15, unseen: 0.1, positive: 0.35 };

/** Findings about windows that follow each other from day 100 on, each with its change. */
function found(changes: readonly PlantedChange[], rest: Partial<DriftEvidence> = {}): Finding[] {
  const windows = changes.map((change, i) => world.window(100 + i, change));
  return evaluateDrift({ profile: world.profile, law, windows, importances: null, budget: { windows: 30 }, ...rest });
}

const named = (findings: readonly Finding[], outcome: Finding['outcome']): string[] =>
  findings.filter((finding) => finding.outcome === outcome).map(({ name, subject }) => `${name} ${subject}`);

test('a clean window finds nothing, and tells every measure with its limit', () => {
  const findings = found([{}, {}]);
  expect(named(findings, 'page')).toEqual([]);
  expect(findings.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['psi', 'shift', 'missingShare', 'newCategories', 'scorePsi', 'labelRate']),
  );
  expect(findings.every(({ limit, value }) => limit !== null && value !== null)).toBe(true);
});

test('what is fine lies within the limit that is shown, what is found beyond it, in every measure', () => {
  // A law of days that are one observation each, and one of rows.
  const days = plantedDays(7, 20).map((day, i) => (i % 2 === 0 ? day : world.window(i, wild)));
  const laws = [measureDriftLaw(world.profile, days), measureDriftLaw(world.profile, [])];
  const seen = { ok: new Set<string>(), found: new Set<string>() };
  for (const used of laws)
    for (const change of [{}, { ...wild, shift: 0.3 }, wild, { ...wild, rows: 200 }, { shift: 3, rows: 5000 }])
      for (const { name, value, limit, outcome, reason } of found([change, change], { law: used })) {
        const [isFine, floor] = [outcome === 'ok', driftFloors[name === 'scorePsi' ? 'answers' : (name as 'psi')].warn];
        const within = (value as number) <= (limit?.at as number) + 1e-12;
        expect([name, value, limit?.at, within]).toEqual([name, value, limit?.at, isFine]);
        expect(limit?.at).toBeGreaterThanOrEqual(floor);
        const isHeld = isFine && (value as number) > floor;
        if (isHeld) expect(reason).toMatch(/^Above its floor of .* Days differ as much by chance\.$/);
        if (isHeld) seen.ok.add(name);
        if (!isFine) seen.found.add(name);
      }
  expect([...seen.ok]).toEqual(expect.arrayContaining(['psi', 'shift', 'missingShare', 'newCategories', 'labelRate']));
  expect(seen.found.size).toBeGreaterThan(4);
});

test('what a day shares is no drift: without the law of days it would page', () => {
  const quiet = plantedDays(9, 40);
  const pages = (used: typeof law) =>
    quiet.flatMap((_, i) => {
      const windows = quiet.slice(0, i + 1).slice(-2);
      return named(evaluateDrift({ profile: world.profile, law: used, windows, importances: null }), 'page');
    });
  expect(pages(law)).toEqual([]);
  const rowsOnly = measureDriftLaw(world.profile, []);
  expect(new Set(pages(rowsOnly))).toEqual(new Set(['psi mood', 'shift mood']));
});

test.each([
  ['a shift of values', { shift: 0.6 }, ['psi heat', 'shift heat']],
  ['missing values', { missing: 0.12 }, ['missingShare heat']],
  ['new categories', { unseen: 0.08 }, ['newCategories kind']],
  ['another share of yes', { positive: 0.32 }, ['labelRate null']],
  ['no yes at all any more', { positive: 0 }, ['labelRate null']],
])('%s pages by its name and nothing else, once two windows agree', (_, change, names) => {
  expect(named(found([{}, change]), 'page')).toEqual([]);
  const findings = found([change, change]);
  expect(named(findings, 'page').sort()).toEqual(names);
  expect(findings[0]?.outcome).toBe('page');
});

test('labels are judged in the newest windows that are matured: what came early of later ones is no drift, and hides none', () => {
  const early = (day: number, change: PlantedChange = {}) => {
    const window = world.window(day, change);
    return { ...window, labels: { ...window.labels, matured: 300, known: 300, positive: 10, provisional: 500 } };
  };
  const judged = (windows: readonly Window[]) =>
    evaluateDrift({ profile: world.profile, law, windows, importances: null, budget: { windows: 30 } });
  const clean = [0, 1].map((i) => world.window(100 + i));
  const drifted = [0, 1].map((i) => world.window(100 + i, { positive: 0.32 }));
  const outcome = (windows: readonly Window[]) => judged(windows).find(({ name }) => name === 'labelRate')?.outcome;
  expect(outcome([...clean, early(102), early(103)])).toBe('ok');
  expect(outcome([...drifted, early(102)])).toBe('page');
  expect(outcome([early(102), early(103)])).toBeUndefined();
});

test('what the same weekdays of four weeks looked like too is a season', () => {
  const windows = Array.from({ length: 30 }, (_, i) => world.window(100 + i, { shift: 0.6 }));
  const findings = evaluateDrift({ profile: world.profile, law, windows, importances: null });
  expect(named(findings, 'page')).toEqual([]);
  expect(findings.find(({ name }) => name === 'shift')).toMatchObject({ subject: 'heat', outcome: 'warn' });
  expect(findings[0]?.reason).toContain('a season, or an old drift');
});

test('a feature that the model hardly uses warns, and what matters more comes first', () => {
  const change = { shift: 0.6, missing: 0.12 };
  const minor = found([change, change], { importances: { heat: 0.001, kind: 0.5, mood: 0.5 } });
  expect(named(minor, 'page')).toEqual([]);
  expect(named(minor, 'warn')).toEqual(expect.arrayContaining(['shift heat', 'missingShare heat']));
  const both = { shift: 0.6, unseen: 0.08 };
  const ranked = found([both, both], { importances: { heat: 0.02, kind: 0.9, mood: 0.08 } });
  expect(ranked[0]).toMatchObject({ name: 'newCategories', subject: 'kind', importance: 0.9 });
});

test('a small window gives no verdict, and none at all neither', () => {
  expect(found([{}, { rows: 199 }])).toMatchObject([{ name: 'drift', outcome: 'no-verdict' }]);
  expect(found([])).toMatchObject([{ outcome: 'no-verdict' }]);
});

test('a shift of a quarter of a standard deviation is found and paged within 3 windows of 1,000 rows', () => {
  const worlds = Array.from({ length: 25 }, () => {
    const windows = [0, 1, 2].map((i) => world.window(100 + i, { shift: 0.25 }));
    const at = (count: number) =>
      evaluateDrift({
        profile: world.profile,
        law,
        windows: windows.slice(0, count),
        importances: null,
        budget: { windows: 30 },
      });
    return [1, 2, 3].flatMap((count) => at(count)).filter(({ subject }) => subject === 'heat');
  });
  expect(worlds.filter((findings) => named(findings, 'warn').length > 0).length).toBe(25);
  expect(worlds.filter((findings) => named(findings, 'page').length > 0).length).toBeGreaterThan(20);
});
