import { expect, test } from 'vitest';
import type { Window } from '../window.ts';
import { plantedBasis, plantedDays, plantedWorld } from './fixtures/planted-world.ts';
import { sameWeekdayBefore } from './same-weekday.ts';
import { versionDrift } from './version-drift.ts';
import { wholeDays } from './whole-days.ts';

const hourUs = 3_600e6;
const training = plantedDays(1, 60);

test('windows of hours are joined into the days that are over, those of days or weeks stay', () => {
  const [day] = training as [Window];
  const hours = [0, 7, 23, 24, 30].map((hour) => ({
    ...day,
    rows: 100,
    fromUs: hour * hourUs,
    toUs: (hour + 1) * hourUs,
  }));
  const joined = wholeDays(hours);
  expect(joined.map(({ fromUs, toUs, rows }) => [fromUs / hourUs, toUs / hourUs, rows])).toEqual([[0, 24, 300]]);
  const days = training.slice(0, 3);
  expect(wholeDays(days)).toEqual(days);
  expect(wholeDays([])).toEqual([]);
});

test('hours that are unlike each other, of days that are alike, are no drift', () => {
  const world = plantedWorld(2, training);
  // Half a day is cold and half is warm, as in training.
  const hourly = [0, 1].flatMap((day) =>
    Array.from({ length: 24 }, (_, hour) => {
      const fromUs = (24 * day + hour) * hourUs;
      return { ...world.window(day, { rows: 300, shift: hour < 12 ? -1 : 1 }), fromUs, toUs: fromUs + hourUs };
    }),
  );
  const days = [0, 1].map((day) => hourly.slice(24 * day, 24 * day + 24));
  const heat = days.flat().map(({ features }) => features.heat?.counts ?? []);
  const counts = (heat[0] as number[]).map((_, bin) => heat.reduce((sum, one) => sum + (one[bin] as number), 0));
  const [number, ...others] = world.profile.features as [(typeof world.profile.features)[number], ...never[]];
  const profile = { ...world.profile, features: [{ ...number, counts }, ...others] } as typeof world.profile;
  const found = versionDrift({ profile, basis: plantedBasis(profile, training), windows: hourly });
  expect(found.filter(({ subject, outcome }) => subject === 'heat' && outcome !== 'ok')).toEqual([]);
  expect(found.find(({ name }) => name === 'psi')?.reason).toContain('in 7200 rows');
});

test('the second reference is the same weekdays of four weeks of the same version', () => {
  const days = plantedDays(3, 40);
  const judged = days[39] as Window;
  expect(sameWeekdayBefore(judged, days.slice(0, 39))?.rows).toBe(4000);
  expect(sameWeekdayBefore(judged, days.slice(30, 39))).toBeNull();
  expect(sameWeekdayBefore({ ...judged, version: '2' }, days.slice(0, 39))).toBeNull();
});
