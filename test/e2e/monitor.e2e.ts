// budget: 300 s
// needs: git
import { join } from 'node:path';
import { parseInstant } from '@repo/contract/instant';
import { type Finding, FindingKind, type MonitorFindings } from '@repo/contract/monitor-findings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import model from '../../models/flight-delay/model.ts';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { answeredTable } from './drift/training-days.ts';
import { type FlightLogOptions, type Sabotage, writeFlightLog } from './monitor/write-flight-log.ts';

/** Five weeks of clean traffic come before it. */
const begins = '2013-11-18T00:00:00Z';
/** Two windows of a day later, and half a day for labels. */
const asked = '2013-11-20T12:00:00Z';

/** One thing that goes wrong, of each kind, and the only thing it is found by where that has one name; nothing else of the log is changed. */
const sabotages: readonly { kind: FindingKind; about: string; sabotage: Sabotage; name?: string }[] = [
  {
    kind: 'model',
    about: 'probabilities far too sure, decisions as before',
    sabotage: { p: 'CASE WHEN probability >= 0.3 THEN 0.999 ELSE 0.00001 END' },
  },
  { kind: 'system', about: 'three quarters of the callers gone', sabotage: { kept: 'hash(row_id) % 4 = 0' } },
  {
    kind: 'data',
    about: 'departure hours six hours off, answers as before',
    sabotage: { features: { departure_hour: 'departure_hour + 6' } },
  },
  {
    kind: 'data',
    name: 'labelCoverage',
    about: 'no label comes any more',
    sabotage: { labels: `landed_at < TIMESTAMPTZ '${begins}'` },
  },
  { kind: 'business', about: 'everybody warned, probabilities as before', sabotage: { decided: 'true' } },
];

const workspace = createCopiedWorkspace();
afterAll(workspace.remove);
let log: Omit<FlightLogOptions, 'dir' | 'sabotage'>;

beforeAll(async () => {
  await workspace.succeed('causeway', 'features', model.name);
  const stages = join(workspace.root, '.causeway/stages');
  log = {
    answered: await answeredTable(workspace.root, model.name, '1', 'test'),
    table: join(stages, model.name, 'features/test.parquet'),
    events: join(stages, 'flights/ingest/data.parquet'),
    fromUs: parseInstant(begins, 'begins'),
  };
}, 200_000);

/** What the monitor pages for, after a log was written by a sabotaged service. */
async function pages(name: string, sabotage: Sabotage): Promise<Finding[]> {
  const dir = join(workspace.root, '.causeway', name);
  const labels = await writeFlightLog({ ...log, dir, sabotage });
  const state = `file:${dir}/state`;
  const args = ['monitor', model.name, '--log', dir, '--replay', '--at', asked, '--json'];
  if (labels !== null) args.push('--labels', labels);
  const { output } = await workspace.run('env', `CAUSEWAY_STATE=${state}`, 'causeway', ...args);
  const found = JSON.parse(output.slice(output.indexOf('{"'))) as MonitorFindings;
  const paging = found.findings.filter(({ outcome }) => outcome === 'page');
  for (const { kind, name, subject, reason } of paging) console.log(`${kind} ${name} ${subject ?? ''}: ${reason}`);
  return paging;
}

test('five weeks and two days of clean traffic page for nothing', async () => {
  expect(await pages('clean', {})).toEqual([]);
}, 150_000);

test.each(sabotages.map((one) => [one.about, one] as const))(
  '%s: that pages for its kind and no other, within two windows',
  async (about, { kind, name, sabotage }) => {
    const found = await pages(about.replaceAll(/\W+/g, '-'), sabotage);
    expect([...new Set(found.map((finding) => finding.kind))]).toEqual([kind]);
    if (name !== undefined) expect(found.map((finding) => finding.name)).toEqual([name]);
  },
  150_000,
);

test('there is a thing that goes wrong of each kind', () => {
  expect(new Set(sabotages.map(({ kind }) => kind))).toEqual(new Set(Object.values(FindingKind)));
});
