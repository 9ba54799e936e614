import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MonitorFindings } from '@repo/contract/monitor-findings';
import { afterAll, expect, test } from 'vitest';
import type { Context } from './context.ts';
import { readFindings } from './retrain/read-findings.ts';

const root = mkdtempSync(join(tmpdir(), 'read-findings-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a monitor that runs by the hour hides none of the days that a trigger looks back on', async () => {
  const folder = join(root, 'monitor/kettle/findings');
  mkdirSync(folder, { recursive: true });
  const iso = (hour: number): string => `${new Date(Date.UTC(2013, 11, 1, hour)).toISOString().slice(0, 19)}Z`;
  for (let hour = 24; hour < 24 * 6; hour++) {
    const toHour = 24 * Math.floor(hour / 24);
    const found: MonitorFindings = {
      ...{ schemaVersion: 1, model: 'kettle', at: iso(hour), version: '1', findings: [] },
      window: { from: iso(toHour - 24), to: iso(toHour), rows: 900 },
    };
    writeFileSync(join(folder, `${iso(hour).replaceAll(/[-:]/g, '').toLowerCase()}.json`), JSON.stringify(found));
  }
  const context = { stateUrl: `file:${root}`, workspace: { root } } as unknown as Context;
  const found = await readFindings(context, 'kettle', Date.UTC(2013, 11, 5, 12) * 1000, 4);
  expect(found.map(({ at }) => at).slice(0, 1)).toEqual([iso(4 * 24 + 12)]);
  expect([...new Set(found.map(({ window }) => window.to))]).toEqual([96, 72, 48, 24].map(iso));
  expect(await readFindings(context, 'kettle', Date.UTC(2013, 11, 5, 12) * 1000, 1)).toHaveLength(13);
});
