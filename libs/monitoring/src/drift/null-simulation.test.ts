import { expect, test } from 'vitest';
import { measureDriftLaw } from './drift-law.ts';
import { evaluateDrift } from './evaluate-drift.ts';
import { plantedDays, plantedWorld } from './fixtures/planted-world.ts';
import { detect, type Judge, replayDays } from './fixtures/replay.ts';

const training = plantedDays(21, 90);
const world = plantedWorld(22, training);
const law = measureDriftLaw(world.profile, training);
const judge: Judge = (windows) => evaluateDrift({ profile: world.profile, law, windows, importances: null });

test('ten months of a world that does not change page at most once a month', () => {
  const days = Array.from({ length: 300 }, (_, day) => world.window(day));
  const { months, pages, warnings } = replayDays(judge, days);
  expect(pages / months).toBeLessThanOrEqual(1);
  // Benjamini-Hochberg's 5 %, at most.
  expect(warnings / days.length).toBeLessThan(0.1);
});

test('pages are counted once while they go on, and a change that stays is paged for on its second day', () => {
  const changed = Array.from({ length: 5 }, (_, day) => world.window(day, { shift: 1 }));
  expect(replayDays(judge, changed)).toMatchObject({ pages: 1, byMeasure: { 'shift heat': 4 } });
  expect(detect(judge, changed, 'heat')).toEqual({ found: 1, paged: 2 });
  expect(detect(judge, changed, 'kind')).toEqual({ found: null, paged: null });
});
