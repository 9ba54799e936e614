import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MonitorFindings, monitorFindingsSchema } from '@repo/contract/monitor-findings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  declaredMonitoring,
  type TrafficOptions,
  trafficBeginsMs,
  trafficEndsMs,
  writeLoggedTraffic,
} from './fixtures/logged-traffic.ts';
import { createTemporaryWorkspace, type TemporaryWorkspace } from './fixtures/temporary-workspace.ts';
import { runCommand } from './run-command.ts';

let workspace: TemporaryWorkspace;
beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
  workspace.edit('models/late-order/model.ts', '  release:', `${declaredMonitoring}\n  release:`);
});
afterAll(() => workspace.remove());

async function run(args: readonly string[], state: string) {
  const finished = { exitCode: 0, stdout: '', stderr: '' };
  finished.exitCode = await runCommand(['monitor', 'late-order', ...args], {
    workingDir: workspace.root,
    environment: { CAUSEWAY_STATE: `file:${state}` },
    stdout: { write: (text) => (finished.stdout += text) },
    stderr: { write: (text) => (finished.stderr += text) },
    // No clock stands at a whole second.
    nowUs: trafficEndsMs * 1000 + 123_000,
  });
  return finished;
}

let folders = 0;
function logged(options: TrafficOptions = {}) {
  const dir = workspace.path(`traffic-${folders++}`);
  writeLoggedTraffic(dir, options);
  const [state, log, labels] = [join(dir, 'state'), join(dir, 'log'), join(dir, 'labels')];
  return {
    dir,
    log,
    labels,
    state,
    files: join(state, 'monitor', 'late-order'),
    args: ['--log', log, '--labels', labels],
  };
}

const filesIn = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path, readFileSync(path, 'utf8')]),
  );

const findingsOf = (stdout: string): MonitorFindings => monitorFindingsSchema.parse(JSON.parse(stdout));

const windowsIn = (files: string) =>
  Object.values(filesIn(join(files, 'windows'))).map((text) => JSON.parse(text).windows);

describe('clean traffic', () => {
  let clean: ReturnType<typeof logged>;
  let found: MonitorFindings;
  let whole: Record<string, string>;
  let looked: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    clean = logged();
    looked = await run([...clean.args, '--json'], clean.state);
    found = findingsOf(looked.stdout);
    whole = filesIn(clean.files);
  });

  test('pages nobody; windows, findings and the page are written', () => {
    expect(looked.exitCode).toBe(0);
    expect(found).toMatchObject({
      model: 'late-order',
      at: '2024-05-21T12:00:00Z',
      window: { from: '2024-05-20T00:00:00Z', rows: 120 },
    });
    const of = (name: string) => found.findings.find((finding) => finding.name === name);
    expect(of('logLoss')).toMatchObject({ kind: 'model', outcome: 'ok', limit: { at: 0.66 } });
    expect(of('missedDelayCost')).toMatchObject({ kind: 'business', outcome: 'ok' });
    expect(windowsIn(clean.files)).toHaveLength(20);
    // A name that services and retrain look for.
    expect(readdirSync(join(clean.files, 'findings'))).toEqual(['20240521t120000z.json']);
    expect(JSON.parse(whole[join(clean.files, 'latest.json')] as string)).toEqual(found);
    const page = readFileSync(join(clean.files, 'week-2024-05-20.html'), 'utf8');
    expect(page.match(/<svg /g)?.length).toBeGreaterThanOrEqual(4);
    expect(page).not.toMatch(/NaN|undefined|cannot be drawn/);
  });

  test('a run that was killed half-way is finished by the next, nothing twice', async () => {
    const windows = readdirSync(join(clean.files, 'windows')).sort();
    rmSync(join(clean.files, 'latest.json'));
    for (const name of windows.slice(7)) rmSync(join(clean.files, 'windows', name));
    writeFileSync(join(clean.files, 'windows', windows[3] as string), '{"schemaVersion":1,"mod');
    await run(clean.args, clean.state);
    expect(filesIn(clean.files)).toEqual(whole);
  });

  test('looked at again and again says what one look at the end says, to the digit', async () => {
    const often = logged();
    // Corrections that come long after their windows are final.
    const corrections = Array.from({ length: 400 }, (_, i) => `r-${240 + i},true,2024-05-19T00:00:00Z`);
    const late = ['request_id,late,observed_at', ...corrections, ''].join('\n');
    for (const { labels } of [often, clean]) writeFileSync(join(labels, 'late.csv'), late);
    for (const day of [5.5, 16.2])
      await run([...often.args, '--at', new Date(trafficBeginsMs + day * 86_400_000).toISOString()], often.state);
    const [once, again] = [
      await run([...clean.args, '--json'], `${clean.state}-anew`),
      await run([...often.args, '--json'], often.state),
    ];
    expect(again).toEqual(once);
    expect(windowsIn(often.files)).toEqual(windowsIn(clean.files.replace(clean.state, `${clean.state}-anew`)));
    rmSync(join(clean.labels, 'late.csv'));
  }, 120_000);
});

test('flipped labels page: exit code 1, with the reason', async () => {
  const { args, state } = logged({ flippedDays: 2 });
  const { exitCode, stdout } = await run(args, state);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/page: sudden logLoss: Of the last two matured windows the better has .* was usual: /);
});

describe('labels that do not come', () => {
  const pagesOf = ({ findings }: MonitorFindings) =>
    findings.filter(({ outcome }) => outcome === 'page').map(({ kind, name }) => `${kind} ${name}`);

  test('any more page by that alone, whatever labels of requests nobody made come instead', async () => {
    const { args, labels, state } = logged({ silentDays: 3 });
    const storm = Array.from({ length: 5000 }, (_, i) => `of-nobody-${i % 50},true,2024-05-19T12:00:00Z`);
    writeFileSync(join(labels, 'storm.csv'), `request_id,late,observed_at\n${storm.join('\n')}\n`);
    const { exitCode, stdout } = await run([...args, '--json'], state);
    const found = findingsOf(stdout);
    expect({ exitCode, pages: pagesOf(found) }).toEqual({ exitCode: 1, pages: ['data labelCoverage'] });
    expect(found.findings.find(({ name }) => name === 'labelCoverage')).toMatchObject({ value: 0, limit: { at: 0.9 } });
  });

  test('at all are waited for while they may yet come, exit code 3, and paged for once they ought to be there', async () => {
    const { log, dir, state } = logged();
    writeFileSync(join(dir, 'none.csv'), 'request_id,late,observed_at\n');
    const args = ['--log', log, '--labels', join(dir, 'none.csv')];
    const early = await run([...args, '--at', new Date(trafficBeginsMs + 36 * 3_600_000).toISOString()], state);
    expect({ exitCode: early.exitCode, stdout: early.stdout }).toEqual({
      exitCode: 3,
      stdout: expect.stringMatching(/No label of \d+ answers is known/),
    });
    const late = await run([...args, '--json'], state);
    expect({ exitCode: late.exitCode, pages: pagesOf(findingsOf(late.stdout)) }).toEqual({
      exitCode: 1,
      pages: ['data labelCoverage'],
    });
  });
});

describe('where nothing can be told it is said: exit code 3', () => {
  test('no traffic', async () => {
    const { args, state } = logged();
    const { exitCode, stdout } = await run([...args, '--at', '2024-04-01T00:00:00Z'], state);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: expect.stringContaining('No answer is on record') });
  });
});

test.each([
  [
    'a log that is not there',
    ['--log', 'nowhere'],
    /--log: received ".*nowhere"; allowed: the folder of a prediction log/,
  ],
  ['a folder without labels', ['--labels', 'models'], /--labels .*models: received a folder without labels/],
  [
    'a window that no day holds',
    ['--window', '7h'],
    /--window: received "7h"; allowed: a part of a day such as 1h or 6h/,
  ],
  ['a moment that is none', ['--at', 'yesterday'], /--at: received "yesterday"/],
])('%s is bad input', async (_, args, message) => {
  const { args: good, state } = logged();
  const { exitCode, stderr } = await run([...good, ...args], state);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
});
