import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { routedTo } from '../fixtures/run-amtool.ts';
import { alertRouting, placeholderReceivers } from './alert-routing.ts';
import { Severity } from './rule.ts';

const hasAmtool = spawnSync('amtool', ['--version']).status === 0;
const bodiless = { alertname: 'ModelNotReady', model: 'late-bus' };

test('receivers are those of the fork, or placeholders that no name server knows', () => {
  const urls = (routing: ReturnType<typeof alertRouting>) =>
    routing.receivers.flatMap((one) => ('webhook_configs' in one ? one.webhook_configs.map(({ url }) => url) : []));
  const ours = { page: 'http://pager.ops/hook', ticket: 'http://desk.ops/hook' };
  expect(urls(alertRouting(ours))).toEqual([ours.page, ours.ticket]);
  for (const url of urls(alertRouting())) expect(new URL(url).hostname).toMatch(/\.invalid$/);
  expect(placeholderReceivers.page).not.toBe(placeholderReceivers.ticket);
});

test.skipIf(!hasAmtool).each(Object.values(Severity))(
  'Alertmanager sends %s to the receiver of that name',
  (severity) => {
    expect(routedTo(alertRouting(), { ...bodiless, severity })).toEqual([severity]);
  },
);

test.skipIf(!hasAmtool).each([
  [{ alertname: 'KubePodCrashLooping', severity: 'critical' }, 'page'],
  [{ alertname: 'KubePodCrashLooping', severity: 'warning' }, 'ticket'],
  [{ alertname: 'Watchdog', severity: 'none' }, 'nobody'],
  [{ alertname: 'SomethingNew', severity: 'fatal' }, 'ticket'],
])('of the rules of others, %o goes to %s', (labels, receiver) => {
  expect(routedTo(alertRouting(), labels)).toEqual([receiver]);
});

test.skipIf(!hasAmtool)('a route that is broken sends pages elsewhere, which is seen', () => {
  const broken = JSON.parse(JSON.stringify(alertRouting()).replace('page|critical', 'pages|critical'));
  expect(routedTo(broken, { ...bodiless, severity: 'page' })).toEqual(['ticket']);
  const folder = mkdtempSync(join(tmpdir(), 'amtool-'));
  try {
    const file = join(folder, 'alertmanager.yaml');
    writeFileSync(file, JSON.stringify({ ...alertRouting(), receivers: [] }));
    expect(spawnSync('amtool', ['check-config', file]).status, 'a route to nobody').not.toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
