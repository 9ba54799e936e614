import { rmSync, statSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTemporaryWorkspace, type TemporaryWorkspace, writeOrders } from './fixtures/temporary-workspace.ts';
import type { ValidateReport } from './verbs/validate.ts';

const raw = 'features/shop/data/orders.parquet';
const stages = '.causeway/stages';
const negative = 'SELECT * REPLACE (CASE WHEN minutes % 20 = 0 THEN -minutes ELSE minutes END AS minutes) FROM orders';

let workspace: TemporaryWorkspace;
beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
  expect(await workspace.run(['features', 'late-order'])).toMatchObject({ exitCode: 0 });
});
afterAll(() => workspace.remove());

describe('raw data that cannot be read leaves every stage as it was', () => {
  const write = (sql: string) => (copy: TemporaryWorkspace) => writeOrders(copy.path(raw), sql);
  test.each<[string, (copy: TemporaryWorkspace) => unknown, string]>([
    ['missing', (copy) => rmSync(copy.path(raw)), 'which does not exist'],
    ['cut off', (copy) => truncateSync(copy.path(raw), statSync(copy.path(raw)).size - 100), 'which is cut off'],
    ['not Parquet', (copy) => copy.write(raw, 'order_id,shop\n1,north\n'), 'which is not Parquet'],
    ['empty', (copy) => copy.write(raw, ''), 'which has 0 bytes'],
    ['without rows', write('SELECT * FROM orders LIMIT 0'), 'which has 0 rows'],
    ['of another type', write("SELECT * REPLACE ('many' AS minutes) FROM orders"), 'orders.sql'],
    ['without a column', write('SELECT * EXCLUDE (shop) FROM orders'), 'orders.sql'],
  ])('%s', async (_, damage, problem) => {
    const copy = workspace.copy();
    await damage(copy);
    const before = copy.filesIn(stages);
    for (const args of [
      ['ingest', 'orders'],
      ['train', 'late-order'],
    ]) {
      const { exitCode, stdout, stderr } = await copy.run(args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/causeway: orders\.[^\n]+: received [^\n]+; allowed: [^\n]+; [^\n]+\n/);
      expect(stderr).toContain(problem);
    }
    expect(copy.filesIn(stages)).toEqual(before);
  });
});

test('data that breaks its contract fails validate with a table and at most 20 rows a rule, and stops what follows', async () => {
  const copy = workspace.copy();
  await writeOrders(copy.path(raw), negative);
  const shown = await copy.run(['validate', 'late-order']);
  expect(shown.exitCode).toBe(1);
  expect(shown.stdout).toMatch(
    /^outcome +source +rule +rows +share +why\nfail +orders +hardRange:minutes +\d+ +[\d.]+ %\n/,
  );
  expect(shown.stdout.match(/^ {2}\{.*\}$/gm)).toHaveLength(20);
  const { exitCode, stdout } = await copy.run(['validate', 'late-order', '--json']);
  const report = JSON.parse(stdout) as ValidateReport;
  expect({ exitCode, verdict: report.verdict }).toEqual({ exitCode: 1, verdict: 'fail' });
  const broken = report.sources.flatMap(({ results }) => results.filter(({ outcome }) => outcome === 'fail'));
  expect(broken).toMatchObject([{ ruleId: 'hardRange:minutes' }]);
  expect(broken[0]?.examples).toHaveLength(20);
  const before = copy.filesIn(`${stages}/late-order/features`);
  for (const verb of ['features', 'train']) {
    const refused = await copy.run([verb, 'late-order']);
    expect({ exitCode: refused.exitCode, stdout: refused.stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('causeway: the data of late-order breaks its contract');
  }
  expect(copy.filesIn(`${stages}/late-order/features`)).toEqual(before);
  expect(copy.filesIn(`${stages}/late-order/train`)).toEqual({});
});

test('a rule that was tightened since the last report is held to the data again', async () => {
  const copy = workspace.copy();
  copy.edit('features/shop/orders.ts', 'max: 600', 'max: 90');
  const { exitCode, stderr } = await copy.run(['features', 'late-order']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('validate orders\n');
});

test('a raw file that changed is ingested again, and one that did not is left alone', async () => {
  const copy = workspace.copy();
  const unchanged = await copy.run(['validate', 'late-order']);
  expect(unchanged.stderr).not.toContain('ingest orders');
  await writeOrders(copy.path(raw), 'SELECT * FROM orders LIMIT 890');
  const { exitCode, stdout, stderr } = await copy.run(['validate', 'late-order', '--json']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('ingest orders\n');
  expect((JSON.parse(stdout) as ValidateReport).sources[0]?.rows).toBe(890);
});

test.each([
  ['data', (copy: TemporaryWorkspace) => truncateSync(copy.path(stages, 'orders/ingest/data.parquet'), 100)],
  ['manifest', (copy: TemporaryWorkspace) => copy.write(`${stages}/orders/ingest/manifest.json`, '{')],
  ['record', (copy: TemporaryWorkspace) => copy.write(`${stages}/orders/ingested.json`, 'null')],
])('a snapshot whose %s is damaged is made again from the raw files', async (_, damage) => {
  const copy = workspace.copy();
  const before = copy.filesIn(`${stages}/orders`);
  damage(copy);
  expect(await copy.run(['validate', 'late-order'])).toMatchObject({ exitCode: 0 });
  expect(copy.filesIn(`${stages}/orders`)).toEqual(before);
});

test('a split without labelled rows is named, and the features of before still stand', async () => {
  const copy = workspace.copy();
  copy.edit('models/late-order/model.ts', "['2024-03-05', '2024-03-16']", "['2024-06-01', '2024-07-01']");
  const before = copy.filesIn(`${stages}/late-order/features`);
  const { exitCode, stderr } = await copy.run(['features', 'late-order']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('late-order.split.test: received 2024-06-01 to 2024-07-01, without a labelled row');
  expect(copy.filesIn(`${stages}/late-order`)).toMatchObject(
    Object.fromEntries(Object.entries(before).map(([file, bytes]) => [`features/${file}`, bytes])),
  );
  expect(Object.keys(copy.filesIn(stages)).filter((file) => file.includes('.part'))).toEqual([]);
});

test('a file where the stages belong is told of in one line', async () => {
  const copy = workspace.copy();
  rmSync(copy.path('.causeway'), { recursive: true });
  copy.write('.causeway', 'a file');
  const { exitCode, stdout, stderr } = await copy.run(['validate', 'late-order']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^causeway: file system: received ENOTDIR at "[^\n]+; allowed: [^\n]+; [^\n]+\n$/);
});

test('three commands at once wait for each other, and none meets a stage half written', async () => {
  const copy = workspace.copy();
  rmSync(copy.path('.causeway'), { recursive: true });
  const all = await Promise.all(['validate', 'features', 'features'].map((verb) => copy.spawn([verb, 'late-order'])));
  expect(all.map(({ exitCode, stderr }) => ({ exitCode, trace: /\n\s+at /.test(stderr) }))).toEqual(
    all.map(() => ({ exitCode: 0, trace: false })),
  );
  expect(all.filter(({ stderr }) => stderr.includes('ingest orders\n'))).toHaveLength(1);
  expect(copy.filesIn(`${stages}/late-order/features`)).toEqual(workspace.filesIn(`${stages}/late-order/features`));
  expect(statSync(copy.path(stages, 'late-order/features')).mode & 0o777).toBe(0o777 & ~process.umask());
});
