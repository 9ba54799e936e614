import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MonitorFindings, monitorFindingsSchema } from '@repo/contract/monitor-findings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { declaredMonitoring, type TrafficOptions, trafficBeginsMs, trafficEndsMs, writeLoggedTraffic } from './fixtures/logged-traffic.ts';
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
    nowUs: trafficEndsMs * 1000,
  });
  return finished;
}

let folders = 0;
function logged(options: TrafficOptions = {}) {
  const dir = workspace.path(`traffic-${folders++}`);
  writeLoggedTraffic(dir, options);
  const [state, log, labels] = [join(dir, 'state'), join(dir, 'log'), join(dir, 'labels')];
  return { dir, log, labels, state, files: join(state, 'monitor', 'late-order'), args: ['--log', log, '--labels', labels] };
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

test('clean traffic pages nobody; windows, findings and the page are written, and the same moment gives the same files', async () => {
  const { args, state, files } = logged();
  const { exitCode, stdout } = await run([...args, '--json'], state);
  const found = findingsOf(stdout);
  expect(exitCode).toBe(0);
  expect(found).toMatchObject({ model: 'late-order', at: '2024-05-21T12:00:00Z', window: { from: '2024-05-20T00:00:00Z', rows: 120 } });
  expect(found.findings.find(({ name }) => name === 'logLoss')).toMatchObject({ kind: 'model', outcome: 'ok', limit: { at: 0.66 } });
  expect(found.findings.find(({ name }) => name === 'missedDelayCost')).toMatchObject({ kind: 'business', outcome: 'ok' });
  expect(readdirSync(join(files, 'windows'))).toHaveLength(20);
  expect(monitorFindingsSchema.parse(JSON.parse(readFileSync(join(files, 'latest.json'), 'utf8')))).toEqual(found);
  const page = readFileSync(join(files, 'week-2024-05-20.html'), 'utf8');
  expect(page.match(/<svg /g)?.length).toBeGreaterThanOrEqual(4);
  expect(page).not.toMatch(/NaN|undefined|cannot be drawn/);
  const before = filesIn(files);
  await run(args, state);
  expect(filesIn(files)).toEqual(before);
});

test('a run that was killed half-way is finished by the next, nothing twice', async () => {
  const { args, state, files } = logged();
  await run(args, state);
  const whole = filesIn(files);
  const windows = readdirSync(join(files, 'windows')).sort();
  rmSync(join(files, 'latest.json'));
  for (const name of windows.slice(7)) rmSync(join(files, 'windows', name));
  writeFileSync(join(files, 'windows', windows[3] as string), '{"schemaVersion":1,"mod');
  await run(args, state);
  expect(filesIn(files)).toEqual(whole);
});

test('windows of day after day are those of one look at the end', async () => {
  const { args, state, files } = logged();
  for (const day of [5, 5.5, 12]) await run([...args, '--at', new Date(trafficBeginsMs + day * 86_400_000).toISOString()], state);
  await run(args, state);
  const once = logged();
  await run(once.args, once.state);
  const bare = (dir: string) => Object.values(filesIn(join(dir, 'windows'))).map((text) => JSON.parse(text).windows);
  expect(bare(files)).toEqual(bare(once.files));
});

test('flipped labels page: exit code 1, with the reason', async () => {
  const { args, state } = logged({ flippedDays: 2 });
  const { exitCode, stdout } = await run(args, state);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/page: sudden logLoss: Of the last two matured windows the better has .* was usual: /);
});

describe('where nothing can be told it is said: exit code 3', () => {
  test('no labels yet', async () => {
    const { log, dir, state } = logged();
    writeFileSync(join(dir, 'none.csv'), 'request_id,late,observed_at\n');
    const { exitCode, stdout } = await run(['--log', log, '--labels', join(dir, 'none.csv')], state);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: expect.stringMatching(/No label of \d+ answers is known/) });
  });

  test('no traffic', async () => {
    const { args, state } = logged();
    const { exitCode, stdout } = await run([...args, '--at', '2024-04-01T00:00:00Z'], state);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: expect.stringContaining('No answer is on record') });
  });
});

test.each([
  ['a log that is not there', ['--log', 'nowhere'], /--log: received ".*nowhere"; allowed: the folder of a prediction log/],
  ['a folder without labels', ['--labels', 'models'], /--labels .*models: received a folder without labels/],
  ['a window that no day holds', ['--window', '7h'], /--window: received "7h"; allowed: a part of a day such as 1h or 6h/],
  ['a moment that is none', ['--at', 'yesterday'], /--at: received "yesterday"/],
])('%s is bad input', async (_, args, message) => {
  const { args: good, state } = logged();
  const { exitCode, stderr } = await run([...good, ...args], state);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
});
