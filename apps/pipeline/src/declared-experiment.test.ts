import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { declaredExperiment, readAtMs } from './fixtures/logged-experiment.ts';
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

describe('an experiment that does not fit its model is refused with what to do', () => {
  test.each([
    [
      'weights that do not sum to 100',
      'weight: 50 }]',
      'weight: 40 }]',
      'experiment.arms: received weights that sum to 90; allowed: weights that sum to 100',
    ],
    [
      'a unit that requests do not carry',
      "unit: 'shop'",
      "unit: 'order_id'",
      'experiment.unit: received "order_id"; allowed: shop',
    ],
    [
      'a unit that is an instant',
      "unit: 'shop'",
      "unit: 'ordered_at'",
      'experiment.unit: received "ordered_at"; allowed: shop',
    ],
    ['one arm only', ', { version: 2, weight: 50 }', '', 'experiment.arms: received'],
    ['the same arm twice', 'version: 2,', "version: 'champion',", 'experiment.arms[1].name: received "champion" twice'],
    [
      'a metric of another task',
      "metric: 'logLoss'",
      "metric: 'absoluteError'",
      'experiment.primary.metric: received "absoluteError"; allowed: logLoss,',
    ],
    [
      'an outcome that is known beforehand',
      "column: 'minutes'",
      "column: 'shop'",
      'experiment.guardrails[1].metric.column: received "shop"; allowed: minutes, late',
    ],
    [
      'a primary metric without a side or a margin',
      "primary: { metric: 'logLoss' }",
      "primary: { metric: 'bias' }",
      'experiment.primary.margin: received nothing',
    ],
    ['a share finer than a bucket', 'weight: 50 }]', 'weight: 49.999 }]', 'a percentage in steps of 0.01'],
  ])('a definition with %s', async (_, text, by, message) => {
    const copy = workspace.copy();
    copy.edit('models/late-order/model.ts', text, by);
    const { exitCode, stderr } = await run(copy.root, ['--write']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});

test('a version that the registry lacks is not written for services to follow, and without an experiment the file goes', async () => {
  const { exitCode, stderr } = await run(workspace.root, ['--write']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining(
      'late-order.experiment.arms[1].version: received 2; allowed: none: the registry has no version of the model',
    ),
  });
  const copy = workspace.copy();
  copy.edit('models/late-order/model.ts', declaredExperiment, '');
  copy.write('models/late-order/experiment.json', '{}');
  expect(await run(copy.root, ['--write'])).toMatchObject({ exitCode: 0 });
  expect(copy.filesIn('models/late-order')).not.toHaveProperty('experiment.json');
  expect(await run(copy.root, [])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('late-order.experiment: received nothing'),
  });
});

test('models says when experiment.json is not what the definition says, and which command makes it so', async () => {
  const models = async (root: string) => {
    let stdout = '';
    const stream = { write: (text: string) => (stdout += text) };
    const surroundings = { workingDir: root, environment: {}, stdout: stream, stderr: stream, nowUs: readAtMs * 1000 };
    return { exitCode: await runCommand(['models', '--json'], surroundings), problem: JSON.parse(stdout)[0].problem };
  };
  const action = 'run causeway experiment late-order --write and commit it';
  expect(await models(workspace.root)).toEqual({ exitCode: 1, problem: expect.stringContaining(action) });
  const copy = workspace.copy();
  const arm = (name: string, pin: object | null) => ({ name, pin, weight: 50 });
  const arms = [arm('champion', null), arm('version-2', { version: 2, digest: `sha256:${'0'.repeat(64)}` })];
  const pinned = { schemaVersion: 1, name: 'smaller-trees', salt: 'smaller-trees', unit: 'shop', traffic: 100, arms };
  const write = (change: object) =>
    copy.write('models/late-order/experiment.json', JSON.stringify({ ...pinned, shadow: null, ...change }));
  write({});
  expect(await models(copy.root)).toEqual({ exitCode: 0, problem: null });
  write({ traffic: 10 });
  expect(await models(copy.root)).toEqual({ exitCode: 1, problem: expect.stringContaining(action) });
});
