import { expect, test } from 'vitest';
import { type PlantedChange, plantedBasis, plantedDays, plantedWorld } from './fixtures/planted-world.ts';
import { versionDrift } from './version-drift.ts';

const training = plantedDays(1, 60);
const world = plantedWorld(2, training);
const { profile } = world;
const basis = plantedBasis(profile, training);

/** What is found about a feature on each of `changed` days that follow so many clean ones; null: training left nothing behind. */
function drifted(clean: number, changed: number, change: PlantedChange, by: typeof basis | null, subject = 'heat') {
  const windows = Array.from({ length: clean + changed }, (_, day) => world.window(day, day < clean ? {} : change));
  return Array.from({ length: changed }, (_, day) =>
    versionDrift({ profile, basis: by, windows: windows.slice(0, clean + day + 1) }).filter(
      (one) => one.name === 'psi' && one.subject === subject,
    ),
  ).flat();
}

test('by the law of training the second window pages, what a day shares does not, and each finding says what rests on its feature', () => {
  const found = drifted(0, 14, { shift: 1 }, basis);
  expect(found.map(({ outcome }) => outcome)).toEqual(['warn', ...new Array<string>(13).fill('page')]);
  expect(new Set(found.map(({ importance }) => importance))).toEqual(new Set([0.9]));
  const mood = drifted(0, 14, { shift: 1 }, basis, 'mood');
  expect(mood.filter(({ outcome }) => outcome === 'page')).toEqual([]);
  expect(mood[0]?.importance).toBe(0.08);
});

test('windows with a week between them do not agree; those around a weekend do', () => {
  const second = (day: number) =>
    versionDrift({ profile, basis, windows: [world.window(0, { shift: 1 }), world.window(day, { shift: 1 })] }).find(
      (one) => one.name === 'psi' && one.subject === 'heat',
    );
  expect(second(8)).toMatchObject({ outcome: 'warn', reason: expect.stringContaining('the next one decides') });
  expect(second(3)).toMatchObject({ outcome: 'page' });
});

test('without what training left behind, a drift that lasts pages for two weeks: it does not teach itself to the law of days', () => {
  const outcomes = drifted(28, 14, { shift: 1 }, null).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['warn', ...new Array<string>(13).fill('page')]);
});

test('without it, and before there are 14 days older than the newest 14, a drift warns and says why', () => {
  const [, second] = drifted(24, 2, { shift: 1 }, null);
  expect(second).toMatchObject({ outcome: 'warn', importance: null });
  expect(second?.reason).toContain('With 12 days before the newest 14, days may differ as much anyway');
  expect(drifted(26, 2, { shift: 1 }, null).at(-1)).toMatchObject({ outcome: 'page' });
});
