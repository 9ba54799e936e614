import { rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createRegistry } from '@repo/registry/registry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from './context.ts';
import { createGateReport } from './fixtures/gate-report.ts';
import { createTemporaryWorkspace, type Finished, type TemporaryWorkspace } from './fixtures/temporary-workspace.ts';
import lateOrder from './fixtures/workspace/models/late-order/model.ts';
import { servedBasis } from './monitor/served-basis.ts';

const model = 'models/late-order/model.ts';
const at = ['--at', '2024-03-10T00:00:00Z'];
let workspace: TemporaryWorkspace;
const first: Record<string, Finished> = {};

// One road from raw data to the online store; every test works on a copy of where it leads.
beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
  for (const args of [
    ['ingest', 'orders'],
    ['validate', 'late-order'],
    ['features', 'late-order'],
    ['train', 'late-order'],
    ['register', 'late-order'],
    ['materialize', 'late-order', ...at],
    ['models'],
  ])
    first[args[0] as string] = await workspace.spawn([...args, '--json']);
}, 60_000);
afterAll(() => workspace.remove());

const outcome = (verb: string) => JSON.parse(first[verb]?.stdout ?? '');

/** What the online store of a workspace holds. */
function stored(copy: TemporaryWorkspace): unknown {
  const database = new DatabaseSync(copy.path('.causeway/state/online.sqlite'), { readOnly: true });
  try {
    return [database.prepare('SELECT * FROM moments').all(), database.prepare('SELECT * FROM entities').all()];
  } finally {
    database.close();
  }
}

test('every verb passes, and standard output holds its JSON and nothing else', () => {
  for (const [verb, { exitCode, stdout, stderr }] of Object.entries(first)) {
    expect({ verb, exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(() => JSON.parse(stdout)).not.toThrow();
  }
  expect(outcome('ingest')).toMatchObject({
    source: 'orders',
    manifest: { rows: 900, notes: { shops: expect.any(Array) } },
  });
  expect(outcome('validate')).toMatchObject({ model: 'late-order', verdict: 'pass' });
  expect(outcome('features')).toMatchObject({
    definition: lateOrder.digest,
    rows: { train: 598, validate: 166, test: 132 },
  });
  expect(outcome('train')).toMatchObject({ model: 'late-order', metrics: { task: 'binary' } });
  expect(outcome('materialize')).toMatchObject({
    at: '2024-03-10T00:00:00Z',
    views: [{ view: 'shop-deliveries', entities: 3, written: true }],
  });
});

test('progress goes to standard error, as plain lines where that is no terminal', () => {
  expect(first.ingest?.stderr).toBe('ingest orders\n');
  expect(first.validate?.stderr).toBe('validate orders\n');
  expect(first.features?.stderr).toBe('join features\n');
  expect(first.train?.stderr).toBe('boost\ncalibrate\ntrain companions\nmeasure\ndegrade\ndays and importances\n');
  expect(first.models?.stderr).toBe('');
});

test('the first version becomes the champion and is written beside the definition', () => {
  const { digest } = outcome('train') as { digest: string };
  expect(outcome('register')).toEqual({
    model: 'late-order',
    version: 1,
    digest,
    created: true,
    alias: 'champion',
    evidence: ['card.md', 'drift.json'],
  });
  expect(JSON.parse(workspace.read('models/late-order/champion.json'))).toEqual({ version: 1, digest });
  expect(workspace.filesIn('models/late-order/release/1')).toEqual(
    workspace.filesIn('.causeway/stages/late-order/train/bundle'),
  );
  expect(workspace.filesIn('models/late-order/release/1.evidence')).toEqual(
    workspace.filesIn('.causeway/stages/late-order/train/evidence'),
  );
  expect(workspace.read('models/late-order/release/1.evidence/card.md')).toContain(digest);
  expect(Object.keys(workspace.filesIn('models'))).toHaveLength(2 + 9 + 2);
  expect(outcome('models')).toMatchObject([{ champion: { version: 1, digest }, problem: null }]);
});

test('drift of a version is judged by what its training left behind, and by traffic alone where that is absent or about another', async () => {
  const told: string[] = [];
  const basisIn = (copy: TemporaryWorkspace, version: string) => {
    const { root } = copy;
    const place = { root, modelDir: (name: string) => copy.path('models', name) };
    const context = {
      workspace: place,
      stateUrl: 'file:.causeway/state',
      progress: { line: (one: string) => told.push(one) },
    };
    return servedBasis(context as unknown as Context, 'late-order', version);
  };
  const basis = await basisIn(workspace, '1');
  expect(basis).toMatchObject({ digest: (outcome('train') as { digest: string }).digest });
  expect(Object.keys(basis?.importances ?? {}).sort()).toEqual(Object.keys(basis?.law.features ?? {}).sort());
  const copy = workspace.copy();
  rmSync(copy.path('models/late-order/release'), { recursive: true });
  expect(await basisIn(copy, '1')).toEqual(basis);
  expect(told).toEqual([]);
  const other = workspace.copy();
  const path = 'models/late-order/release/1.evidence/drift.json';
  other.write(path, JSON.stringify({ ...basis, digest: 'sha256:0' }));
  expect(await basisIn(other, '1')).toBeNull();
  rmSync(other.path(path));
  expect(await basisIn(other, '1')).toBeNull();
  expect(await basisIn(other, '2')).toBeNull();
  expect(told).toEqual(
    [/received "sha256:0 of late-order"/, /it has no drift.json/, /./].map((why) =>
      expect.stringMatching(new RegExp(`^drift of version \\d is judged by the days of its traffic, .*${why.source}`)),
    ),
  );
});

test('stage folders can be read by everybody whom the umask lets', () => {
  for (const stage of ['orders/ingest', 'late-order/validate', 'late-order/features', 'late-order/train']) {
    const { mode } = statSync(workspace.path('.causeway/stages', stage));
    expect((mode | process.umask()) & 0o055, stage).toBe(0o055);
  }
});

test('a second, different bundle becomes the challenger, and the same bundle keeps its version', async () => {
  const copy = workspace.copy();
  const champion = copy.filesIn('models');
  const again = await copy.run(['register', 'late-order', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ version: 1, created: false, alias: 'champion' });
  expect(copy.filesIn('models')).toEqual(champion);
  const changed = copy.copy();
  changed.edit(model, 'rounds: 4', 'rounds: 3');
  const stale = await changed.run(['register', 'late-order']);
  expect(stale).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('run causeway train late-order'),
  });
  const trained = await changed.run(['train', 'late-order']);
  // The tables at hand were made for another definition.
  expect(trained).toMatchObject({
    exitCode: 0,
    stderr: 'join features\nboost\ncalibrate\ntrain companions\nmeasure\ndegrade\ndays and importances\n',
  });
  const second = await changed.run(['register', 'late-order', '--json']);
  expect(JSON.parse(second.stdout)).toMatchObject({ version: 2, created: true, alias: 'challenger' });
  const third = await changed.run(['register', 'late-order', '--json']);
  expect(JSON.parse(third.stdout)).toMatchObject({ version: 2, created: false, alias: 'challenger' });
  expect({ ...changed.filesIn('models'), 'late-order/model.ts': '' }).toEqual({
    ...champion,
    'late-order/model.ts': '',
  });
});

test('a registration that was cut off before the champion was written is completed by the next', async () => {
  const copy = workspace.copy();
  const champion = copy.filesIn('models');
  rmSync(copy.path('models/late-order/champion.json'));
  rmSync(copy.path('models/late-order/release/1/model.onnx'));
  const { stdout } = await copy.run(['register', 'late-order', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, created: false, alias: 'champion' });
  expect(copy.filesIn('models')).toEqual(champion);
});

test('register attaches the card and the report that are about the bundle, and says what it leaves out', async () => {
  const copy = workspace.copy();
  rmSync(copy.path('models/late-order/champion.json'));
  rmSync(copy.path('.causeway/state'), { recursive: true });
  const { digest } = outcome('train') as { digest: string };
  const report = '.causeway/stages/late-order/gate/report.json';
  copy.write('.causeway/stages/late-order/train/evidence/card.md', `# late-order\n\n${digest}\n`);
  copy.write(report, JSON.stringify(createGateReport({ digest: `sha256:${'0'.repeat(64)}` })));
  const first = await copy.run(['register', 'late-order', '--json']);
  expect(JSON.parse(first.stdout)).toMatchObject({ version: 1, evidence: ['card.md', 'drift.json'] });
  expect(first.stderr).toMatch(/gate\/report.json is left out: report.json received a report about sha256:000/);
  expect(Object.keys(copy.filesIn('models/late-order/release/1.evidence'))).toEqual(['card.md', 'drift.json']);
  copy.write(report, JSON.stringify(createGateReport({ digest })));
  const second = await copy.run(['register', 'late-order', '--json']);
  expect(JSON.parse(second.stdout)).toMatchObject({
    created: false,
    evidence: ['card.md', 'drift.json', 'report.json'],
  });
  const registry = createRegistry('file:.causeway/state', copy.root);
  expect(String((await registry.evidence('late-order', 1, 'card.md'))?.content)).toContain(digest);
  expect((await registry.evidence('late-order', 1, 'report.json'))?.revision).toBe(1);
});

test('register before train, and of a damaged bundle, is refused', async () => {
  const untrained = await createTemporaryWorkspace();
  try {
    const { exitCode, stderr } = await untrained.run(['register', 'late-order']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('run causeway train late-order');
    expect(untrained.filesIn('.causeway/state')).toEqual({});
    expect(Object.keys(untrained.filesIn('models'))).toEqual(['late-order/model.ts']);
  } finally {
    await untrained.remove();
  }
  const copy = workspace.copy();
  copy.write('.causeway/stages/late-order/train/bundle/model.onnx', 'cut off');
  const damaged = await copy.run(['register', 'late-order']);
  expect(damaged).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('model.onnx: received sha256:') });
});

test('a state folder that cannot be written leaves nothing behind', async () => {
  const copy = workspace.copy();
  const before = copy.filesIn('models');
  const { exitCode, stdout, stderr } = await copy.run(['register', 'late-order'], {
    CAUSEWAY_STATE: 'file:nx.json/state',
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^causeway: CAUSEWAY_STATE: received [^\n]+ENOTDIR[^\n]+\n$/);
  expect(copy.filesIn('models')).toEqual(before);
});

test('a view that changed under the version of the committed champion is refused until its version rises', async () => {
  const copy = workspace.copy();
  const view = 'features/shop/views/shop-deliveries.ts';
  copy.edit(view, "window: '24h'", "window: '12h'");
  const before = copy.filesIn('.causeway/stages');
  for (const verb of ['features', 'train']) {
    const { exitCode, stderr } = await copy.run([verb, 'late-order']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('view shop-deliveries: received another definition under version 1');
  }
  expect(copy.filesIn('.causeway/stages')).toEqual(before);
  const raised = copy.copy();
  raised.edit(view, 'version: 1', 'version: 2');
  expect(await raised.run(['features', 'late-order'])).toMatchObject({ exitCode: 0 });
});

test('training again gives the same bundle from the tables at hand', async () => {
  const again = await workspace.copy().run(['train', 'late-order', '--json']);
  expect(again.stderr).toBe('boost\ncalibrate\ntrain companions\nmeasure\ndegrade\ndays and importances\n');
  expect(JSON.parse(again.stdout).digest).toBe(outcome('train').digest);
});

test('materializing twice changes nothing, and --if-empty leaves alone what is held', async () => {
  const copy = workspace.copy();
  const before = stored(copy);
  expect(await copy.run(['materialize', 'late-order', ...at])).toMatchObject({ exitCode: 0 });
  expect(stored(copy)).toEqual(before);
  const later = ['--at', '2024-03-12T00:00:00Z'];
  const left = await copy.run(['materialize', '--all', '--if-empty', ...later, '--json']);
  expect(JSON.parse(left.stdout)).toEqual({ at: '2024-03-12T00:00:00Z', views: [] });
  expect(stored(copy)).toEqual(before);
  expect(await copy.run(['materialize', '--all', ...later])).toMatchObject({ exitCode: 0 });
  expect(stored(copy)).not.toEqual(before);
});

test('a moment before the data begins is refused, and the store is as it was', async () => {
  const copy = workspace.copy();
  const before = stored(copy);
  const { exitCode, stderr } = await copy.run(['materialize', 'late-order', '--at', '2023-12-31T00:00:00Z']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('at: received 2023-12-31T00:00:00Z; allowed: 2024-01-01T00:00:00Z or later');
  expect(stored(copy)).toEqual(before);
});

test('a broken model does not keep the others out of the online store', async () => {
  const copy = workspace.copy();
  copy.write('models/broken/model.ts', 'export default {{{\n');
  const { exitCode, stdout, stderr } = await copy.spawn(['materialize', '--all', ...at, '--json']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('broken is left out: models/broken/model.ts: received ');
  expect(JSON.parse(stdout)).toMatchObject({ views: [{ view: 'shop-deliveries' }] });
});
