import { expect, test } from 'vitest';
import type { Window } from '../window.ts';
import { closeWindows } from './close-windows.ts';
import { plantedDays } from './fixtures/planted-world.ts';
import { sameWeekdayBefore } from './same-weekday.ts';

const hourUs = 3_600e6;
const [day] = plantedDays(1, 1) as [Window];
const hours = (rows: readonly number[]): Window[] =>
  rows.map((count, hour) => ({ ...day, rows: count, fromUs: hour * hourUs, toUs: (hour + 1) * hourUs }));

test('a window closes at 1,000 rows, but not before an hour is over', () => {
  const { closed, open } = closeWindows(hours([5000, 400, 400, 400, 10]));
  expect(closed.map(({ rows }) => rows)).toEqual([5000, 1200]);
  expect(open?.rows).toBe(10);
});

test('after 24 hours it closes whatever it holds, and a gap closes it too', () => {
  const { closed, open } = closeWindows(hours(new Array<number>(30).fill(1)));
  expect(closed.map(({ rows, toUs }) => [rows, toUs / hourUs])).toEqual([[24, 24]]);
  expect(open?.rows).toBe(6);
  const gap = hours([3, 3]).map((window, i) => ({ ...window, fromUs: i * 60 * hourUs, toUs: (i * 60 + 1) * hourUs }));
  expect(closeWindows(gap).closed.map(({ rows }) => rows)).toEqual([3]);
  expect(closeWindows([])).toEqual({ closed: [], open: null });
});

test('the second reference is the same weekdays of four weeks of the same version', () => {
  const days = plantedDays(3, 40);
  const judged = days[39] as Window;
  expect(sameWeekdayBefore(judged, days.slice(0, 39))?.rows).toBe(4000);
  expect(sameWeekdayBefore(judged, days.slice(30, 39))).toBeNull();
  expect(sameWeekdayBefore({ ...judged, version: '2' }, days.slice(0, 39))).toBeNull();
});
