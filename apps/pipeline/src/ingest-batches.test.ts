import { existsSync, renameSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTemporaryWorkspace, type TemporaryWorkspace, writeOrders } from './fixtures/temporary-workspace.ts';
import { runCommand } from './run-command.ts';
import type { IngestReport } from './verbs/ingest-batches.ts';
import type { ValidateReport } from './verbs/validate.ts';

const stages = '.causeway/stages';

let workspace: TemporaryWorkspace;
beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
  expect(await workspace.run(['features', 'late-order'])).toMatchObject({ exitCode: 0 });
});
afterAll(() => workspace.remove());

const orders = (where: string) => `SELECT * FROM orders WHERE ${where}`;
const digestOf = (copy: TemporaryWorkspace): string => JSON.parse(copy.read(`${stages}/orders/ingested.json`)).snapshot;

async function ingest(copy: TemporaryWorkspace, from: string): Promise<IngestReport & { exitCode: number | null }> {
  const { exitCode, stdout } = await copy.run(['ingest', 'orders', from, '--json']);
  return { exitCode, ...JSON.parse(stdout) };
}

test('a year in batches of a folder comes to the snapshot of the year in one file, byte for byte', async () => {
  const copy = workspace.copy();
  await writeOrders(copy.path('features/shop/data/orders.parquet'), orders("order_id < 'o0300'"));
  for (const [name, where] of [
    ['2.parquet', "order_id >= 'o0600'"],
    ['1.parquet', "order_id >= 'o0300' AND order_id < 'o0600'"],
    ['3.parquet', "order_id BETWEEN 'o0100' AND 'o0110'"],
  ] as const)
    await writeOrders(copy.path('incoming', name), orders(where));
  const report = await ingest(copy, 'incoming');
  expect(report).toMatchObject({ exitCode: 0, unreadable: [], snapshot: { number: 3, rows: 611 } });
  expect(report.batches.map(({ name, accepted }) => [name, accepted])).toEqual([
    ['1.parquet', 300],
    ['2.parquet', 300],
    ['3.parquet', 11],
  ]);
  const before = digestOf(copy);
  const { exitCode, stderr } = await copy.run(['features', 'late-order']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('join batches of orders\n');
  expect(digestOf(copy)).toBe(before);
  for (const folder of ['orders/ingest', 'late-order/features'])
    expect(copy.filesIn(`${stages}/${folder}`)).toEqual(workspace.filesIn(`${stages}/${folder}`));
  // As it is now: nothing is joined again until the next batch.
  expect((await copy.run(['features', 'late-order'])).stderr).not.toContain('join batches of orders');
  expect((await ingest(copy, 'incoming')).batches.map(({ outcome }) => outcome)).toEqual(Array(3).fill('duplicate'));
});

test('a refused batch leaves the table as it was, with 1, and says which rules and where its rows are', async () => {
  const copy = workspace.copy();
  const negative = 'SELECT * REPLACE (-minutes AS minutes) FROM orders LIMIT 50';
  await writeOrders(copy.path('negative.parquet'), negative);
  const before = copy.filesIn(stages);
  const { exitCode, stdout } = await copy.run(['ingest', 'orders', 'negative.parquet']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /^negative\.parquet: refused as a whole, 50 quarantined in lake\/orders\/quarantine\/[0-9a-f]{64}\.parquet \(hardRange:minutes 50\)\norders: 0 batches accepted \(0 rows\), 0 duplicate, 1 refused, 50 rows quarantined; no snapshot yet\n$/,
  );
  expect(Object.keys(copy.filesIn('.causeway/state/lake/orders/quarantine'))).toHaveLength(1);
  const { stdout: json } = await copy.run(['validate', 'late-order', '--json']);
  expect((JSON.parse(json) as ValidateReport).sources[0]?.rows).toBe(900);
  expect(copy.filesIn(`${stages}/orders`)).toEqual(
    Object.fromEntries(
      Object.entries(before).flatMap(([path, bytes]) => (path.startsWith('orders/') ? [[path.slice(7), bytes]] : [])),
    ),
  );
});

test('one file of a folder that cannot be read keeps none of the others out, and the exit code is 2', async () => {
  const copy = workspace.copy();
  await writeOrders(copy.path('incoming/b.parquet'), 'SELECT * REPLACE (minutes + 1 AS minutes) FROM orders LIMIT 5');
  copy.write('incoming/a.parquet', 'no Parquet');
  const report = await ingest(copy, 'incoming');
  expect(report).toMatchObject({ exitCode: 2, snapshot: { number: 1 } });
  expect(report.unreadable).toEqual([{ name: 'a.parquet', problem: expect.stringContaining('which is not Parquet') }]);
  const alone = await copy.run(['ingest', 'orders', 'incoming/a.parquet']);
  expect(alone).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('which is not Parquet') });
});

test.each([
  ['no such file', ['nothing.csv'], 'which does not exist'],
  ['a folder without a batch', ['models'], 'without a batch'],
  ['--follow without a folder', ['--follow'], 'received --follow and no folder'],
  ['--follow of a file', ['nx.json', '--follow'], 'a folder to follow'],
  ['a stream without --follow', ['redis://localhost/0/orders'], 'a stream without --follow'],
  ['--group without a stream', ['models', '--follow', '--group', 'x'], '--group without a stream'],
  ['a URL that names no stream', ['redis://localhost/orders', '--follow'], 'stream: received a URL of another form'],
  ['--kind of a file', ['nx.json', '--kind', 'csv'], '--kind with -'],
  ['nothing on standard input', ['-'], 'standard input: received'],
])('%s is bad input', async (_, args, problem) => {
  const { exitCode, stdout, stderr } = await workspace.run(['ingest', 'orders', ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(problem);
});

/** Runs ingest in this process with a standard input, or until it said something, of which `onSaid` is told. */
async function run(copy: TemporaryWorkspace, args: readonly string[], input: string, until: string, onSaid = () => {}) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let [said, stdout] = ['', ''];
  const exitCode = await runCommand(['ingest', 'orders', ...args], {
    workingDir: copy.root,
    environment: {},
    stdout: { write: (text) => (stdout += text) },
    stderr: {
      write: (text) => {
        said += text;
        if (!said.includes(until)) return;
        onSaid();
        resolve();
      },
    },
    nowUs: Date.UTC(2024, 3, 1) * 1000,
    readStandardInput: async () => input,
    untilStopped: () => promise,
  });
  return { exitCode, stdout, said };
}

test('standard input is JSON lines, or CSV where it is said so', async () => {
  const copy = workspace.copy();
  const row = { order_id: 'x1', shop: 'west', ordered_at: '2024-03-16 00:00:00', minutes: 70 };
  const lines = await run(copy, ['-'], `${JSON.stringify(row)}\n`, '');
  const csv = await run(copy, ['-', '--kind', 'csv'], `${Object.keys(row)}\n${Object.values(row)}\n`, '');
  expect([lines.exitCode, csv.exitCode]).toEqual([0, 0]);
  expect(lines.stdout).toContain('standard input: 1 rows accepted\n');
  expect(csv.stdout).toContain('standard input: duplicate of a batch with 1 rows\n');
});

test('following takes what is there and what comes, tells of what it cannot read, and leaves with 0 when stopped', async () => {
  const copy = workspace.copy();
  copy.write('incoming/1.parquet', 'no Parquet');
  await writeOrders(copy.path('2.parquet'), 'SELECT * REPLACE (minutes + 1 AS minutes) FROM orders LIMIT 5');
  renameSync(copy.path('2.parquet'), copy.path('incoming/2.parquet'));
  const { exitCode, stdout, said } = await run(copy, ['incoming', '--follow'], '', '2.parquet: 5 rows accepted');
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/^orders: stopped; snapshot 1, /),
  });
  expect(said).toContain('not taken: 1.parquet: received');
});

test('following refreshes the rows of views that the online store holds, and only of what a batch touched', async () => {
  const copy = workspace.copy();
  const at = '2024-03-15T22:00:00Z';
  expect((await copy.run(['materialize', 'late-order', '--at', at])).exitCode).toBe(0);
  const row = { order_id: 'x1', shop: 'west', ordered_at: '2024-03-15 20:00:00', minutes: 70, observed_at: at };
  copy.write('incoming/1.jsonl', `${JSON.stringify(row)}\n`);
  const { exitCode, said } = await run(copy, ['incoming', '--follow'], '', '1.jsonl: 1 rows accepted');
  expect(exitCode).toBe(0);
  expect(said).toMatch(/1\.jsonl: 1 rows accepted, 1 rows refreshed online/);
});

test('a batch whose follower died before the store had it is made good by the next, also where it took a row from an entity', async () => {
  const copy = workspace.copy();
  const at = '2024-03-15T22:00:00Z';
  expect((await copy.run(['materialize', 'late-order', '--at', at])).exitCode).toBe(0);
  // The order was of the shop west.
  const row = { order_id: 'o0890', shop: 'north', ordered_at: '2024-03-15 04:00:00', minutes: 70, observed_at: at };
  copy.write('incoming/1.jsonl', `${JSON.stringify(row)}\n`);
  expect((await ingest(copy, 'incoming')).batches).toMatchObject([{ outcome: 'accepted' }]);
  let isAlive: boolean | null = null;
  const beat = copy.path('.causeway/following/orders');
  const { exitCode, said } = await run(copy, ['incoming', '--follow'], '', '1.jsonl: duplicate', () => {
    isAlive = existsSync(beat);
  });
  expect({ exitCode, isAlive, after: existsSync(beat) }).toEqual({ exitCode: 0, isAlive: true, after: false });
  expect(said).toMatch(
    /orders: ready for batches\n1\.jsonl: duplicate of a batch with 1 rows, 2 rows refreshed online/,
  );
});

test('what a killed follower left behind does not say that the next one is ready', async () => {
  const copy = workspace.copy();
  copy.write('.causeway/following/orders', '');
  copy.write('incoming/1.jsonl', '{}\n');
  const { exitCode } = await copy.run(['ingest', 'orders', 'incoming', '--follow'], { ONLINE_STORE: 'nowhere' });
  expect({ exitCode, isLeft: existsSync(copy.path('.causeway/following/orders')) }).toEqual({
    exitCode: 2,
    isLeft: false,
  });
});
