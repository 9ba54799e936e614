import { hostname } from 'node:os';
import { emulateGithub } from '@repo/github/fixtures/emulated-github';
import type { RunClaim } from '@repo/monitoring/retrain-run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passing } from './fixtures/promotable-workspace.ts';
import { createTemporaryWorkspace, type TemporaryWorkspace, writeOrders } from './fixtures/temporary-workspace.ts';
import { runCommand } from './run-command.ts';

const model = 'models/late-order/model.ts';
const runs = '.causeway/state/retrain/late-order/runs';
const ends = '.causeway/state/retrain/late-order/ends';
let workspace: TemporaryWorkspace;

// The champion is tested on the last days of February; March came after it.
beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
  workspace.edit(
    model,
    `train: ['2024-01-01', '2024-02-20'],
    validate: ['2024-02-20', '2024-03-05'],
    test: ['2024-03-05', '2024-03-16'],`,
    `train: ['2024-01-01', '2024-02-10'],
    validate: ['2024-02-10', '2024-02-20'],
    test: ['2024-02-20', '2024-03-01'],`,
  );
  workspace.edit(model, 'release: {', 'retraining: { guards: { newRows: 100 }, runsPerWeek: 2 },\n  release: {');
  await passing(workspace, 'train', 'late-order');
  await passing(workspace, 'register', 'late-order');
});
afterAll(() => workspace.remove());

const at = '2024-03-20';
const retrain = (copy: TemporaryWorkspace, ...args: string[]) =>
  copy.run(['retrain', 'late-order', '--at', at, '--json', ...args]);
const claim = (copy: TemporaryWorkspace, rest: Partial<RunClaim> = {}): RunClaim => ({
  ...{ schemaVersion: 1, model: 'late-order', number: 1, startedUs: Date.UTC(2024, 2, 20) * 1000 },
  ...{
    leaseUntilUs: Date.UTC(2100, 0, 1, 2) * 1000,
    by: `${hostname()}:${copy.root}`,
    trigger: 'schedule',
    reasons: ['schedule: x'],
  },
  window: {
    train: ['2024-01-01', '2024-02-26'],
    validate: ['2024-02-26', '2024-03-06'],
    test: ['2024-03-06', '2024-03-14'],
  },
  ...{ resumes: null, ...rest },
});

test('a dry run says why and on which days, and writes nothing', async () => {
  const copy = workspace.copy();
  const before = copy.filesIn('.causeway/state');
  const { exitCode, stdout } = await retrain(copy, '--dry-run');
  expect({ exitCode, outcome: JSON.parse(stdout) }).toMatchObject({
    exitCode: 0,
    outcome: {
      retrain: true,
      trigger: 'volume',
      window: {
        train: ['2024-01-01', '2024-02-25'],
        validate: ['2024-02-25', '2024-03-06'],
        test: ['2024-03-06', '2024-03-16'],
      },
      run: null,
    },
  });
  expect(copy.filesIn('.causeway/state')).toEqual(before);
});

/** Labels of March that were put right, none of them late, as of five days after the moment that most here decide for. */
const observedLater = `SELECT * REPLACE (60 AS minutes), TIMESTAMPTZ '2024-03-25 00:00:00+00' AS observed_at FROM orders
  WHERE ordered_at >= '2024-03-01'`;

test('whoever decides for the past knows no label and no correction that was observed later', async () => {
  const copy = workspace.copy();
  await writeOrders(copy.path('later.parquet'), observedLater);
  await passing(copy, 'ingest', 'orders', 'later.parquet');
  const guards = async (moment: string) => {
    const { stdout } = await copy.run(['retrain', 'late-order', '--at', moment, '--json', '--dry-run']);
    return JSON.parse(stdout).guards.map(({ guard }: { guard: string }) => guard);
  };
  expect(await guards('2024-03-24T23:59:59Z')).toEqual([]);
  expect(await guards('2024-03-25T00:00:00Z')).toEqual(['label-rate']);
});

test('a killed run is gone on with on the same days; stopped by its gates it registers nothing, and is not repeated at once', async () => {
  const copy = workspace.copy();
  const dead = claim(copy);
  await writeOrders(copy.path('later.parquet'), observedLater);
  await passing(copy, 'ingest', 'orders', 'later.parquet');
  copy.write(`${runs}/1.json`, JSON.stringify(dead));
  const before = [copy.filesIn('models'), copy.filesIn('.causeway/state/registry')];
  const begunUs = Date.now() * 1000;
  const { exitCode, stdout, stderr } = await retrain(copy);
  expect({ exitCode, outcome: JSON.parse(stdout) }).toMatchObject({
    exitCode: 1,
    outcome: {
      ...{ resumes: 1, window: dead.window },
      run: {
        number: 2,
        outcome: 'stopped',
        version: null,
        pullRequest: null,
        detail: 'its gates say fail: overfit-and-leakage',
      },
    },
  });
  expect(stderr).toMatch(
    /retrain late-order, 1 of 5: features of 2024-01-01 to 2024-03-14\n(?:.*\n)*retrain late-order, 3 of 5: gates on 2024-03-06 to 2024-03-14/,
  );
  const lineage = JSON.parse(copy.read('.causeway/stages/late-order/train/bundle/lineage.json'));
  expect(lineage.window).toEqual(dead.window);
  // Nothing of what came meanwhile was learned from.
  expect(lineage.data).toEqual(JSON.parse(workspace.read('models/late-order/release/1/lineage.json')).data);
  expect([copy.filesIn('models'), copy.filesIn('.causeway/state/registry')]).toEqual(before);
  expect(JSON.parse(copy.read(`${ends}/1.json`))).toMatchObject({ outcome: 'given-up' });
  // It decided for a day of 2024, and its lease is of today.
  const { startedUs, leaseUntilUs } = JSON.parse(copy.read(`${runs}/2.json`)) as RunClaim;
  expect(startedUs).toBe(dead.startedUs);
  expect(leaseUntilUs).toBeGreaterThanOrEqual(begunUs + 2 * 3600e6);
  expect(JSON.parse(copy.read(`${ends}/2.json`))).toMatchObject({ outcome: 'stopped' });
  const again = await retrain(copy);
  expect({ exitCode: again.exitCode, outcome: JSON.parse(again.stdout) }).toMatchObject({
    exitCode: 0,
    outcome: { state: 'wait' },
  });
});

test('a run of another machine is not disturbed, and it is said whose it is', async () => {
  const copy = workspace.copy();
  copy.write(`${runs}/1.json`, JSON.stringify(claim(copy, { by: 'https://github.example/bot/shop/actions/runs/7' })));
  const before = copy.filesIn('.causeway/state');
  const ended = await retrain(copy, '--force', '--reason', 'now');
  expect(ended.exitCode).toBe(1);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    state: 'running',
    wait: expect.stringMatching(
      /^run 1 goes on since 2024-03-20T00:00:00.000Z by https:.*runs\/7; it counts as dead at 2100-01-01T02/,
    ),
  });
  expect(copy.filesIn('.causeway/state')).toEqual(before);
});

test('of two machines that decide at the same moment one begins, and the other says so', async () => {
  const copy = workspace.copy();
  let said = '';
  const exitCode = await runCommand(['retrain', 'late-order', '--at', at], {
    ...{ workingDir: copy.root, environment: {}, stdout: { write: () => {} }, nowUs: Date.now() * 1000 },
    stderr: {
      write: (text) => {
        said += text;
        // The other one claims its run after this one has looked for runs, and before it claims its own.
        if (text.includes('late-order is trained again')) copy.write(`${runs}/1.json`, JSON.stringify(claim(copy)));
      },
    },
  });
  expect({ exitCode, said }).toEqual({
    exitCode: 1,
    said: expect.stringContaining('run 1 of late-order was begun by somebody else at the same moment'),
  });
  expect([Object.keys(copy.filesIn(runs)), copy.filesIn(ends)]).toEqual([['1.json'], {}]);
});

test.each<[string, (copy: TemporaryWorkspace) => unknown, string, RegExp]>([
  [
    'no label after the champion',
    (copy) =>
      writeOrders(
        copy.path('features/shop/data/orders.parquet'),
        "SELECT * FROM orders WHERE ordered_at < '2024-02-28'",
      ),
    'window',
    /labels are known up to 2024-02-28/,
  ],
  [
    'nine of ten labels that are positive',
    (copy) =>
      writeOrders(
        copy.path('features/shop/data/orders.parquet'),
        "SELECT * REPLACE (CASE WHEN ordered_at >= '2024-03-01' THEN 300 ELSE minutes / 1.6 END AS minutes) FROM orders",
      ),
    'label-rate',
    /1\.00 in the new rows/,
  ],
  [
    'a batch in quarantine',
    (copy) => copy.write('.causeway/state/lake/orders/quarantine/ab.parquet', 'x'),
    'quarantine',
    /lake\/orders\/quarantine\/ab\.parquet was refused/,
  ],
])('whoever asks for it is stopped by %s', async (_, change, guard, text) => {
  const copy = workspace.copy();
  await change(copy);
  const { exitCode, stdout } = await retrain(copy, '--force', '--reason', 'now');
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'guarded',
    guards: [{ guard, text: expect.stringMatching(text) }],
  });
});

test('what is open on GitHub stops whoever asks: an incident, and a promotion that waits; where GitHub cannot be asked that is said', async () => {
  const { github, environment, commit, openPull } = await emulateGithub();
  const { octokit, owner, repo } = github;
  const labels = ['incident', 'late-order'];
  const issue = (await octokit.rest.issues.create({ owner, repo, title: 'a wrong clock', labels })).data.number;
  await commit('promote/late-order-v2', { 'models/late-order/champion.json': '{}' });
  const pull = await openPull('promote/late-order-v2');
  const args = ['retrain', 'late-order', '--at', at, '--json', '--dry-run', '--force', '--reason', 'now'];
  const decided = async (given = {}) => {
    const { stdout, stderr } = await workspace.run(args, given);
    const { state, guards } = JSON.parse(stdout);
    return { state, guards, stderr };
  };
  const both = await decided(environment);
  expect(both).toMatchObject({
    state: 'guarded',
    guards: [
      {
        guard: 'incident',
        text: expect.stringMatching(/^an incident, since 2024-02-20: issue #1, opened .*: a wrong clock$/),
      },
      {
        guard: 'promotion-open',
        text: `pull request #${pull}, promote/late-order-v2, waits for somebody: merge or close it`,
      },
    ],
  });
  await octokit.rest.issues.update({ owner, repo, issue_number: issue, state: 'closed' });
  expect((await decided(environment)).guards).toMatchObject([{ guard: 'promotion-open' }]);
  await octokit.rest.pulls.update({ owner, repo, pull_number: pull, state: 'closed' });
  expect(await decided(environment)).toEqual({ state: 'run', guards: [], stderr: '' });
  const alone = await decided();
  expect(alone.state).toBe('run');
  expect(alone.stderr).toContain('open incidents and promotions are not looked for');
});

test.each<[string, string[], (copy: TemporaryWorkspace) => unknown, RegExp]>([
  ['--force without a reason', ['--force'], () => {}, /retrain: received --force alone; allowed: --force --reason/],
  ['a reason without --force', ['--reason', 'why'], () => {}, /retrain: received --reason "why"/],
  ['a moment that is none', ['--at', 'soon'], () => {}, /--at: received "soon"/],
  [
    'a model without a champion',
    [],
    (copy) => copy.edit('models/late-order/champion.json', '"version"', '"edition"'),
    /champion\.json/,
  ],
  [
    'a run that was cut off in the state',
    [],
    (copy) => copy.write(`${runs}/1.json`, '{"schemaVersion":1'),
    /retrain\/late-order\/runs\/1\.json: received/,
  ],
  [
    'findings that were cut off',
    [],
    (copy) => copy.write('.causeway/state/monitor/late-order/findings/1.json', '{'),
    /monitor\/late-order\/findings\/1\.json: received/,
  ],
  [
    'a window.json whose days overlap',
    [],
    (copy) =>
      copy.write(
        'models/late-order/window.json',
        '{"schemaVersion":1,"train":["2024-01-01","2024-02-20"],"validate":["2024-02-10","2024-03-01"],"test":["2024-03-01","2024-03-10"]}',
      ),
    /models\/late-order\/window\.json\.validate\[0\]: received "2024-02-10"; allowed: 2024-02-20 or later/,
  ],
])('%s is wrong input', async (_, args, change, message) => {
  const copy = workspace.copy();
  change(copy);
  const ended = await copy.run(['retrain', 'late-order', ...args]);
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
});
