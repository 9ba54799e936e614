import { metrics as rows } from '@repo/contract/metric';
import type { Finding, MonitorFindings } from '@repo/contract/monitor-findings';
import { createMetrics } from '@repo/telemetry/metrics';
import { expect, test } from 'vitest';
import { followFindings } from './follow-findings.ts';
import { showFindings } from './show-findings.ts';

const finding: Finding = {
  ...{ kind: 'data', name: 'psi', subject: 'heat', value: 0.31, interval: null, limit: null, importance: null },
  ...{ outcome: 'page', reason: 'drifted' },
};
const found = (findings: MonitorFindings['findings']): MonitorFindings => ({
  ...{ schemaVersion: 1, model: 'kettle', at: '2013-12-01T00:00:00Z', version: '1', findings },
  window: { from: '2013-11-30T00:00:00Z', to: '2013-12-01T00:00:00Z', rows: 900 },
});

/** A state whose file is what it is told to be, and a clock that is moved by hand. */
function world() {
  const told: string[] = [];
  const state = {
    text: JSON.stringify(found([finding])) as string | Error | null,
    ms: 0,
    asked: 0,
    others: {} as Record<string, string>,
  };
  const followed = followFindings({
    reader: {
      list: async () => Object.keys(state.others),
      get: async (key) => {
        const other = Object.entries(state.others).find(([name]) => key.endsWith(name));
        if (other !== undefined) return Buffer.from(other[1]);
        state.asked++;
        if (state.text instanceof Error) throw state.text;
        return state.text === null ? null : Buffer.from(state.text);
      },
    },
    logger: { warn: (_about: object, message?: string) => void told.push(message ?? '') } as never,
    nowMs: () => state.ms,
  });
  /** As a scrape does, after the reading that it began has ended. */
  const newest = async () => {
    followed.newest('kettle');
    await new Promise((resolve) => setImmediate(resolve));
    return followed.newest('kettle');
  };
  return { state, newest, told };
}

test('findings are there from the scrape after the one that asked, and are asked for again after half a minute', async () => {
  const { state, newest } = world();
  expect((await newest())?.findings).toEqual([finding]);
  state.text = JSON.stringify(found([]));
  state.ms = 29_999;
  expect((await newest())?.findings).toHaveLength(1);
  state.ms = 30_000;
  expect(await newest()).toMatchObject({ findings: [] });
  expect(state.asked).toBe(2);
});

test('a state that is away, and a file that is no report, leave what was known', async () => {
  const { state, newest, told } = world();
  await newest();
  for (const bad of [new Error('away'), '{', '{"schemaVersion":2}']) {
    state.text = bad;
    state.ms += 30_000;
    expect((await newest())?.findings).toEqual([finding]);
  }
  expect(told).toEqual(new Array(3).fill('findings of the monitor cannot be read'));
  state.text = null;
  state.ms += 30_000;
  expect(await newest()).toBeNull();
});

test('where nothing is replaced, the findings with the last name count', async () => {
  const { state, newest } = world();
  state.text = null;
  state.others = {
    '20131202t000000z.json': JSON.stringify(found([finding])),
    '20131201t000000z.json': JSON.stringify(found([])),
    'notes.json': '{}',
  };
  expect((await newest())?.findings).toEqual([finding]);
});

test('a finding is a series with its level and its value, as old as what was looked at, and goes with it', async () => {
  const metrics = createMetrics(rows);
  const quiet: Finding = { ...finding, subject: null, value: null, outcome: 'no-verdict' };
  const remove = showFindings(metrics, 'kettle', found([finding, quiet]));
  const text = await metrics.scrape();
  expect(text).toContain('monitor_finding{model="kettle",kind="data",name="psi",subject="heat"} 2');
  expect(text).toContain('monitor_value{model="kettle",kind="data",name="psi",subject="heat"} 0.31');
  expect(text).toContain('monitor_finding{model="kettle",kind="data",name="psi",subject=""} -1');
  expect(text).toContain(`monitor_run_timestamp_seconds{model="kettle"} ${Date.UTC(2013, 11, 1) / 1000}\n`);
  remove();
  expect(await metrics.scrape()).not.toContain('kettle');
  showFindings(metrics, 'kettle', null)();
});
