import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acceptedRows, expectRows, wholeWindows, windowRows } from './whole-windows.ts';

const dayMs = 86_400_000;
const endMs = Date.UTC(2014, 0, 2);

test.each([1, 4, 5, 30, 99])('60 windows that end with the answers hold %i years of them', (years) => {
  const { window, at } = wholeWindows(years, endMs);
  const days = Number.parseInt(window, 10);
  const atMs = Date.parse(at);
  expect(atMs % (days * dayMs)).toBe(0);
  expect(atMs).toBeGreaterThanOrEqual(endMs);
  expect(atMs - 60 * days * dayMs).toBeLessThanOrEqual(endMs - 371 * years * dayMs);
});

test('what ingest accepted is all batches and nearly all rows', () => {
  const report = (batches: number, rows: number) =>
    `flights-000.parquet: 9 rows accepted\n\nflights: ${batches} batches accepted (${rows} rows), 0 duplicate, 0 refused, 271 rows quarantined`;
  expect(acceptedRows(report(2, 990), 2, 1000)).toBe(990);
  for (const bad of [report(1, 990), report(2, 500), report(2, 1001), 'nothing'])
    expect(() => acceptedRows(bad, 2, 1000)).toThrow('ingest: 2 batches of 1000 rows were given');
});

test('rows of windows are counted over all files, and too few are told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'windows-'));
  try {
    writeFileSync(join(folder, '1.json'), JSON.stringify({ windows: [{ rows: 3 }, { rows: 4 }] }));
    writeFileSync(join(folder, '2.json'), JSON.stringify({ windows: [] }));
    expect(windowRows(folder)).toBe(7);
    expect(() => expectRows('monitor', 7, 8)).toThrow('monitor: 7 rows instead of 8');
    expectRows('monitor', 7, 7);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
