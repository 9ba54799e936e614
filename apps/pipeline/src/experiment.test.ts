import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentReadout } from '@repo/experiments/experiment-readout';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  declaredExperiment,
  type LoggedExperimentOptions,
  readAtMs,
  writeLoggedExperiment,
} from './fixtures/logged-experiment.ts';
import { createTemporaryWorkspace, type TemporaryWorkspace } from './fixtures/temporary-workspace.ts';
import { runCommand } from './run-command.ts';

let workspace: TemporaryWorkspace;
beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
  workspace.edit('models/late-order/model.ts', '  release:', `${declaredExperiment}\n  release:`);
});
afterAll(() => workspace.remove());

async function run(root: string, args: readonly string[]) {
  const finished = { exitCode: 0, stdout: '', stderr: '' };
  finished.exitCode = await runCommand(['experiment', 'late-order', ...args], {
    workingDir: root,
    environment: {},
    stdout: { write: (text) => (finished.stdout += text) },
    stderr: { write: (text) => (finished.stderr += text) },
    nowUs: readAtMs * 1000,
  });
  return finished;
}

let folders = 0;
function logged(options: LoggedExperimentOptions = {}): string {
  const dir = workspace.path(`logged-${folders++}`);
  workspace.write(`logged-${folders - 1}/.keep`, '');
  writeLoggedExperiment(dir, options);
  return dir;
}

const read = (dir: string, ...args: string[]) =>
  run(workspace.root, ['--log', join(dir, 'log'), '--labels', join(dir, 'labels.csv'), ...args]);

async function readout(options: LoggedExperimentOptions = {}): Promise<ExperimentReadout & { exitCode: number }> {
  const { exitCode, stdout, stderr } = await read(logged(options), '--json');
  if (stdout === '') throw new Error(stderr);
  return { ...JSON.parse(stdout), exitCode };
}

test('a better version passes, with its interval, and the past of its units makes that narrower', async () => {
  const dir = logged();
  const found = JSON.parse((await read(dir, '--json')).stdout) as ExperimentReadout;
  const [primary, ...guardrails] = found.rows;
  expect(found).toMatchObject({ verdict: 'pass', experiment: 'smaller-trees', days: expect.closeTo(10, 0) });
  expect(
    found.arms.map(({ name, versions, answers, labelled }) => ({ name, versions, all: answers === labelled })),
  ).toEqual([
    { name: 'champion', versions: ['1'], all: true },
    { name: 'version-2', versions: ['2'], all: true },
  ]);
  expect(found.arms.reduce((sum, { units }) => sum + units, 0)).toBe(240);
  expect(primary).toMatchObject({
    metric: 'logLoss',
    outcome: 'pass',
    reduction: { used: true, history: expect.closeTo(1, 1) },
  });
  expect(primary?.interval?.[1]).toBeLessThan(0);
  expect(guardrails.map(({ metric, outcome }) => `${metric} ${outcome}`)).toEqual(['fallback pass', 'minutes pass']);
  const { exitCode, stdout } = await read(dir, '--html', join(dir, 'page.html'));
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /^pass: smaller-trees of late-order\. logLoss of version-2 is below no difference, and every guardrail holds\./,
  );
  expect(stdout).toMatch(/pass +version-2 +logLoss .* took off \d+ % of the variance/);
  expect(readFileSync(join(dir, 'page.html'), 'utf8')).toContain('<svg ');
});

test('the figures are those that a plain loop over the answers gives', async () => {
  const dir = workspace.path('by-hand');
  workspace.write('by-hand/.keep', '');
  const asked = writeLoggedExperiment(dir);
  const { rows } = JSON.parse((await read(dir, '--json')).stdout) as ExperimentReadout;
  const meanOf = (arm: string) => {
    const own = asked.filter((one) => one.arm === arm);
    return (
      own.reduce((sum, { late, probability }) => sum - Math.log(late ? probability : 1 - probability), 0) / own.length
    );
  };
  expect(rows[0]?.control).toBeCloseTo(meanOf('champion'), 9);
  expect(rows[0]?.treatment).toBeCloseTo(meanOf('version-2'), 9);
});

test('a worse version fails with exit code 1, one that is alike is inconclusive with 3', async () => {
  expect(await readout({ better: -0.2 })).toMatchObject({ exitCode: 1, verdict: 'fail' });
  expect(await readout({ better: 0 })).toMatchObject({ exitCode: 3, verdict: 'inconclusive' });
});

const withExposure =
  (different: object): LoggedExperimentOptions['change'] =>
  (answer, _, i) => {
    const { exposure } = answer.event;
    if (exposure === undefined || i % 3 !== 0) return [answer];
    return [{ ...answer, event: { ...answer.event, exposure: { ...exposure, ...different } } }];
  };

describe('a planted defect withholds every result', () => {
  const lost: LoggedExperimentOptions['change'] = (answer, { arm }, i) =>
    arm === 'version-2' && i % 4 !== 0 ? [] : [answer];
  const skewed: LoggedExperimentOptions['change'] = (answer, { arm, shop }) =>
    arm === 'version-2' && Number(shop.slice(5)) % 4 !== 0 ? [] : [answer];
  const planted: [string, string, LoggedExperimentOptions['change']][] = [
    ['sample-ratio', 'three quarters of the treated shops are not logged', skewed],
    ['arms', 'nobody was answered by version 2', (answer, { arm }) => (arm === 'version-2' ? [] : [answer])],
    ['one-arm-each', 'the salt was changed in between', withExposure({ variant: 'champion' })],
    ['assignment', 'another propensity', withExposure({ propensity: 0.3 })],
    [
      'versions',
      'an unknown version answers',
      (answer, { arm }) => [{ ...answer, event: { ...answer.event, version: arm === 'version-2' ? '7' : '1' } }],
    ],
    [
      'clocks',
      'a clock that is a year ahead',
      (answer, _, i) => [i % 4 === 0 ? { ...answer, atMs: answer.atMs + 366 * 86_400_000 } : answer],
    ],
    [
      'units',
      'data too large for the log',
      (answer, { arm }, i) => [
        arm !== null && i % 9 === 0
          ? { ...answer, event: { ...answer.event, data: () => ({ omitted: 'too_large' }) } }
          : answer,
      ],
    ],
  ];
  test.each(planted)('%s: %s', async (name, _, change) => {
    const found = await readout(change === undefined ? {} : { change });
    expect(found).toMatchObject({ exitCode: 3, verdict: 'inconclusive', rows: [] });
    expect(found.checks.filter(({ outcome }) => outcome === 'fail').map((check) => check.name)).toContain(name);
  });

  test('answers lost alike say only that there are fewer', async () => {
    const found = await readout({ change: lost });
    expect(found.checks.find(({ name }) => name === 'sample-ratio')?.outcome).toBe('pass');
  });
});

test('an event that is logged twice, or asked for again, counts once', async () => {
  const plain = await readout();
  const again = await readout({
    change: (answer, _, i) => {
      const repeat = { ...answer, atMs: answer.atMs + 5000, event: { ...answer.event, requestId: `again-${i}` } };
      return i % 5 === 0 ? [answer, repeat] : i % 5 === 1 ? [answer, answer] : [answer];
    },
  });
  expect(again.rows).toEqual(plain.rows);
  expect(again.checks.find(({ name }) => name === 'repeats')).toMatchObject({ outcome: 'warn' });
});

test('labels that are not there yet leave the label’s metrics inconclusive, and those that lie to one arm withhold', async () => {
  const dir = logged();
  const lines = readFileSync(join(dir, 'labels.csv'), 'utf8').trimEnd().split('\n');
  const keep = async (kept: (line: string) => boolean) => {
    writeFileSync(join(dir, 'labels.csv'), `${lines.filter((line, i) => i === 0 || kept(line)).join('\n')}\n`);
    return JSON.parse((await read(dir, '--json')).stdout) as ExperimentReadout;
  };
  const none = await keep(() => false);
  expect(none.rows.map(({ metric, outcome }) => `${metric} ${outcome}`)).toEqual([
    'logLoss inconclusive',
    'fallback pass',
    'minutes inconclusive',
  ]);
  expect(none.checks.find(({ name }) => name === 'labels')).toMatchObject({
    outcome: 'warn',
    detail: expect.stringContaining('no label is known yet'),
  });
  const some = await keep((line) => line.length % 4 !== 0);
  expect(some.arms.every(({ answers, labelled }) => labelled < answers)).toBe(true);
});

test('labels may come by request id, and as Parquet of the events', async () => {
  const dir = logged();
  const byKey = JSON.parse((await read(dir, '--json')).stdout) as ExperimentReadout;
  const [, ...lines] = readFileSync(join(dir, 'labels.csv'), 'utf8').trimEnd().split('\n');
  const rows = lines.map((line, i) => `r-${i},${line.split(',').slice(2).join(',')}`);
  writeFileSync(join(dir, 'labels.csv'), `request_id,late,minutes\n${rows.join('\n')}\n`);
  const byId = JSON.parse((await read(dir, '--json')).stdout) as ExperimentReadout;
  expect(byId.rows).toEqual(byKey.rows);
});

test('without a file the labels are those of the model’s events', async () => {
  const dir = logged();
  const { exitCode, stdout } = await run(workspace.root, ['--log', join(dir, 'log'), '--json']);
  expect({ exitCode, arms: JSON.parse(stdout).arms.map(({ labelled }: { labelled: number }) => labelled) }).toEqual({
    exitCode: 3,
    arms: [0, 0],
  });
});

describe('bad input is refused with what to do', () => {
  test.each([
    [
      'a log that is not there',
      ['--log', 'nowhere'],
      /--log: received ".*nowhere"; allowed: the folder of a prediction log/,
    ],
    ['labels that are not there', ['--labels', 'none.csv'], /--labels .*none\.csv: received no such file/],
    [
      'labels of another kind',
      ['--labels', 'nx.json'],
      /--labels .*: received another kind of file; allowed: a \.parquet or \.csv file/,
    ],
    [
      'labels without their columns',
      ['--labels', 'short.csv'],
      /received no column ordered_at, minutes; allowed: request_id or shop, ordered_at; and late, minutes/,
    ],
    [
      'labels that are no numbers',
      ['--labels', 'odd.csv'],
      /received "perhaps" in column late; allowed: 0, 1, true, false, or nothing/,
    ],
    ['labels that are no Parquet', ['--labels', 'odd.parquet'], /received a file that cannot be read/],
    ['two things at once', ['--write', '--labels', 'short.csv'], /received --write and --log, --labels or --html/],
  ])('%s', async (_, args, message) => {
    workspace.write('short.csv', 'shop,late\nshop-1,true\n');
    workspace.write('odd.csv', 'shop,ordered_at,late,minutes\nshop-1,2024-04-01T00:00:00Z,perhaps,3\n');
    workspace.write('odd.parquet', 'no parquet');
    const log = args.includes('--log') || args.includes('--write') ? [] : ['--log', join(logged({ shops: 5 }), 'log')];
    const { exitCode, stderr } = await run(workspace.root, [...args, ...log]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
  });
});
