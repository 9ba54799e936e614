import { expect, test } from 'vitest';
import { independentRows } from './day-law.ts';
import { measureDriftLaw } from './drift-law.ts';
import { plantedDays, plantedWorld } from './fixtures/planted-world.ts';

const days = plantedDays(31, 30);
const { profile } = plantedWorld(32, days);

test('a season that all days share is none of their spread', () => {
  const winter = days.map((day) => ({ ...day, answers: [...day.answers].reverse() }));
  expect(measureDriftLaw(profile, winter).answers).toEqual(measureDriftLaw(profile, days).answers);
  expect(measureDriftLaw(profile, days).features.mood?.values.designEffect).toBeGreaterThan(40);
  expect(measureDriftLaw(profile, days).features.heat?.values.designEffect).toBeLessThan(1.3);
});

test('values that few of many days have are one observation a day; few days are no law', () => {
  const empty = { ...days[0]?.features.heat, kind: 'number', counts: new Array<number>(20).fill(0) } as const;
  const rare = days.map((day, i) =>
    i < 5 ? day : { ...day, features: { ...day.features, heat: { ...empty, missing: 1000, other: 0, statuses: {} } } },
  );
  const law = measureDriftLaw(profile, rare).features.heat?.values;
  expect(law?.designEffect).toBe(law?.rowsPerDay);
  expect(measureDriftLaw(profile, days.slice(0, 13)).features.heat?.values).toEqual(independentRows);
});
