import { parseInstant } from '@repo/contract/instant';
import { openDatabase } from '@repo/datasets/database';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockReading, clockSql, zoneSpans } from './zone-clock.ts';

const us = (text: string) => parseInstant(text, 'test');

test('New York reads 01:59 and then 03:00 in March, and 01:30 twice in November', () => {
  const hour = (text: string) => clockReading(us(text), 'hourOfDay', 'America/New_York');
  expect([hour('2013-03-10T06:59:00Z'), hour('2013-03-10T07:00:00Z')]).toEqual([119 / 60, 3]);
  expect([hour('2013-11-03T05:30:00Z'), hour('2013-11-03T06:30:00Z')]).toEqual([1.5, 1.5]);
});

test('the day of the week is ISO: Monday 1, Sunday 7, by the local date', () => {
  const day = (text: string, zone: string) => clockReading(us(text), 'dayOfWeek', zone);
  expect(day('2013-12-23T12:00:00Z', 'UTC')).toBe(1);
  expect(day('2013-12-22T23:59:59.999999Z', 'UTC')).toBe(7);
  expect(day('2013-12-23T03:00:00Z', 'America/New_York')).toBe(7);
  expect(day('1969-12-31T12:00:00Z', 'UTC')).toBe(3);
});

test('a year in New York has two clock changes, at the right second', () => {
  const spans = zoneSpans('America/New_York', us('2013-01-01'), us('2014-01-01'));
  expect(spans.map(({ fromUs, offsetUs }) => [fromUs, offsetUs / 3600e6])).toEqual([
    [us('2013-01-01'), -5],
    [us('2013-03-10T07:00:00Z'), -4],
    [us('2013-11-03T06:00:00Z'), -5],
  ]);
});

test('SQL reads the same clock as the service, to the last bit, in zones of every kind', async () => {
  const db = await openDatabase();
  const from = us('2005-01-01');
  const to = us('2015-01-01');
  const changes = ['America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC'].map((zone) => {
    const spans = zoneSpans(zone, from, to);
    return { zone, spans, near: spans.flatMap(({ fromUs }) => [fromUs - 1, fromUs, fromUs + 1]) };
  });
  for (const { zone, spans, near } of changes) {
    const random = fc.sample(fc.integer({ min: from, max: to }), { numRuns: 200, seed: 7 });
    const instants = [...random, ...near].filter((at) => at >= from && at <= to);
    const rows =
      await db.rows(`SELECT ${clockSql('t', 'hourOfDay', spans)} AS hour, ${clockSql('t', 'dayOfWeek', spans)} AS day
      FROM (SELECT unnest([${instants.join(', ')}]::BIGINT[]) AS t)`);
    expect(rows.map(({ hour, day }) => [hour, day])).toEqual(
      instants.map((at) => [clockReading(at, 'hourOfDay', zone), clockReading(at, 'dayOfWeek', zone)]),
    );
  }
  db.close();
});
