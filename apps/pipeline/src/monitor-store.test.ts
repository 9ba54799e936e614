import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MonitorFindings } from '@repo/contract/monitor-findings';
import { afterAll, expect, test } from 'vitest';
import type { Context } from './context.ts';
import { openMonitorStore } from './monitor/monitor-store.ts';
import { readFindings } from './retrain/read-findings.ts';

const root = mkdtempSync(join(tmpdir(), 'monitor-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const foundAt = (at: string): MonitorFindings => ({
  ...{ schemaVersion: 1, model: 'kettle', at, version: '1', findings: [] },
  window: { from: '2013-11-30T00:00:00Z', to: '2013-12-01T00:00:00Z', rows: 0 },
});

test('what was found in the middle of a second is read by who decides, under a name that a service takes for findings', async () => {
  const context = { stateUrl: 'file:.causeway/state', workspace: { root } } as unknown as Context;
  const [early, late] = [foundAt('2013-12-01T06:00:00Z'), foundAt('2013-12-01T06:00:01.123456Z')];
  const store = openMonitorStore(context, 'kettle');
  for (const found of [early, late]) await store.putFindings(found);
  expect(await readFindings(context, 'kettle', Date.UTC(2013, 11, 2) * 1000, 1)).toEqual([late, early]);
  const names = readdirSync(join(store.dir, 'findings'));
  expect(names.sort()).toEqual(['20131201t060000z.json', '20131201t060001z.json']);
});
