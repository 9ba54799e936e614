// budget: 300 s
// needs: go
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@repo/contract/canonical-json';
import {
  createTemporaryWorkspace,
  type TemporaryWorkspace,
  writeOrders,
} from '@repo/pipeline/fixtures/temporary-workspace';
import { afterAll, expect, test } from 'vitest';
import { createS3Server } from './s3-server.ts';

const preload = new URL('ingest/stop-at.ts', import.meta.url).href;
const program = fileURLToPath(new URL('../../apps/pipeline/src/main.ts', import.meta.url));
const lake = '.causeway/state/lake/orders';
const server = await createS3Server();
/** Its raw file holds 100 orders. */
const workspace = await createTemporaryWorkspace();
await writeOrders(workspace.path('features/shop/data/orders.parquet'), 'SELECT * FROM orders LIMIT 100');
afterAll(async () => {
  await workspace.remove();
  await server.remove();
});

const orders = (low: number, high: number) => `SELECT * FROM orders LIMIT ${high - low} OFFSET ${low}`;

/** What a command says as JSON, whatever its exit code. */
async function ask(copy: TemporaryWorkspace, args: readonly string[], environment = {}) {
  const { exitCode, stdout, stderr } = await copy.run(['ingest', 'orders', ...args, '--json'], environment);
  if (stdout === '') throw new Error(`ingest ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Digest of the table's rows, and the newest snapshot's number of batches. */
async function look(copy: TemporaryWorkspace) {
  const { digest, manifest } = await ask(copy, []);
  const names = Object.keys(copy.filesIn(`${lake}/snapshots`)).map((name) => Number.parseInt(name, 10));
  const newest = JSON.parse(copy.read(`${lake}/snapshots/${Math.max(...names)}.json`));
  const inParts = newest.parts.reduce(
    (sum: number, part: { batches: { count: number } }) => sum + part.batches.count,
    0,
  );
  return { digest, rows: manifest.rows, batches: inParts + newest.batches.length };
}

/** Every file of a lake is what its name says: none is half there. */
function expectWhole(copy: TemporaryWorkspace): void {
  const files = copy.filesIn(lake);
  for (const [path, bytes] of Object.entries(files)) {
    if (/^(batches|parts|quarantine)\//.test(path))
      expect(sha256(Buffer.from(bytes, 'latin1')), path).toBe(basename(path).split('.')[0]);
    if (path.startsWith('snapshots/')) JSON.parse(bytes);
  }
}

/** Runs ingest in a process of its own that stops at its n-th step on the lake. */
const stopAt = (copy: TemporaryWorkspace, from: string, n: number, how: 'kill' | 'full') =>
  copy.spawn(['ingest', 'orders', from], {
    NODE_OPTIONS: `--import ${preload}`,
    ...{ STOP_AT: String(n), STOP_HOW: how, STOP_BELOW: copy.path(lake) },
  });

test('killed at any step of a batch that is quarantined in part, accepted and joined with 63 others: again, and nothing is lost or there twice', async () => {
  const start = workspace.copy();
  for (let i = 0; i < 63; i++)
    start.write(
      `incoming/${i}.jsonl`,
      `${JSON.stringify({ order_id: `n${i}`, shop: 'west', ordered_at: '2024-05-01 00:00:00', minutes: i })}\n`,
    );
  await ask(start, ['incoming']);
  await writeOrders(
    start.path('batch.parquet'),
    `SELECT * REPLACE (if(order_id = 'o0110', -1, minutes) AS minutes) FROM (${orders(100, 130)})`,
  );
  const reference = start.copy();
  expect(await ask(reference, ['batch.parquet'])).toMatchObject({
    batches: [{ outcome: 'accepted', quarantined: 1 }],
    snapshot: { number: 65 },
  });
  const expected = await look(reference);
  expect(expected).toMatchObject({ rows: 100 + 63 + 29, batches: 64 });
  const outcomes: string[] = [];
  for (let n = 1; ; n++) {
    const copy = start.copy();
    const { exitCode } = await stopAt(copy, 'batch.parquet', n, 'kill');
    if (exitCode === 0) break;
    expect(exitCode, `step ${n}`).toBeNull();
    expectWhole(copy);
    const { batches } = await ask(copy, ['batch.parquet']);
    outcomes.push(batches[0].outcome);
    expect(await look(copy), `step ${n}`).toEqual(expected);
    rmSync(copy.root, { recursive: true });
  }
  const seen = Object.entries(Object.groupBy(outcomes, (one) => one)).map(([one, all]) => `${all?.length} ${one}`);
  console.log(`${outcomes.length} kills; the batch that came again: ${seen.join(', ')}`);
  // Before and after the snapshot that makes the batch visible, and within the joining that comes after.
  expect(outcomes.filter((one) => one === 'accepted').length).toBeGreaterThan(20);
  expect(outcomes.filter((one) => one === 'duplicate').length).toBeGreaterThan(10);
});

test('a disk that is full at any write: the former snapshot stands, nothing is half there, and with room it goes on', async () => {
  const start = workspace.copy();
  await writeOrders(start.path('1.parquet'), orders(100, 110));
  await writeOrders(start.path('2.parquet'), orders(110, 120));
  await ask(start, ['1.parquet']);
  const before = { ...(await look(start)), files: start.filesIn(`${lake}/snapshots`) };
  let refused = 0;
  for (let n = 1; ; n++) {
    const copy = start.copy();
    const { exitCode, stderr } = await stopAt(copy, '2.parquet', n, 'full');
    if (exitCode === 0) break;
    refused++;
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^causeway: CAUSEWAY_STATE: received \S+\/lake\/orders \(ENOSPC\); [^\n]+; free space on the disk[^\n]+\n$/m,
    );
    expectWhole(copy);
    expect({ ...(await look(copy)), files: copy.filesIn(`${lake}/snapshots`) }).toEqual(before);
    expect(readdirSync(copy.path(lake, 'tmp'))).toEqual([]);
    expect(await ask(copy, ['2.parquet'])).toMatchObject({ batches: [{ outcome: 'accepted', accepted: 10 }] });
  }
  expect(refused).toBe(4);
});

const small = workspace.copy();
mkdirSync(small.path('disk'));
const mayMount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small.path('disk')]).status === 0;
if (!mayMount) console.warn('the disk that is really full is left out: only root may mount one');
afterAll(() => spawnSync('umount', [small.path('disk')]));

test.skipIf(!mayMount)('a disk that is really full: the same, and the table is still read', async () => {
  const state = { CAUSEWAY_STATE: 'file:disk' };
  await writeOrders(small.path('1.parquet'), orders(100, 110));
  const many = 'SELECT * REPLACE (md5(order_id || i) AS order_id) FROM orders, range(20) AS times(i)';
  await writeOrders(small.path('2.parquet'), `SELECT * EXCLUDE (i) FROM (${many})`);
  await ask(small, ['1.parquet'], state);
  for (let attempt = 0; attempt < 2; attempt++) {
    const { exitCode, stderr } = await small.run(['ingest', 'orders', '2.parquet'], state);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('(ENOSPC)') });
    expect((await ask(small, [], state)).manifest.rows).toBe(110);
  }
  spawnSync('mount', ['-o', 'remount,size=8m', small.path('disk')]);
  expect(await ask(small, ['2.parquet'], state)).toMatchObject({
    batches: [{ outcome: 'accepted', accepted: 18_000 }],
  });
});

test('three commands that ingest the same folder at once: every batch is there once, and the snapshots count without a gap', async () => {
  const copy = workspace.copy();
  for (let i = 0; i < 8; i++) await writeOrders(copy.path(`incoming/${i}.parquet`), orders(100 + 10 * i, 110 + 10 * i));
  const all = await Promise.all([1, 2, 3].map(() => copy.spawn(['ingest', 'orders', 'incoming', '--json'])));
  expect(all.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  const outcomes = all.flatMap(({ stdout }) =>
    JSON.parse(stdout).batches.map((one: { outcome: string }) => one.outcome),
  );
  expect(outcomes.filter((one) => one === 'accepted')).toHaveLength(8);
  expect(outcomes.filter((one) => one === 'duplicate')).toHaveLength(16);
  expect(Object.keys(copy.filesIn(`${lake}/snapshots`)).sort()).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `${n}.json`),
  );
  expect(await look(copy)).toMatchObject({ rows: 180, batches: 8 });
});

/** Follows a folder until it has said `until`, then gets a signal. */
async function follow(copy: TemporaryWorkspace, until: string, signal: NodeJS.Signals) {
  const { CAUSEWAY_STATE: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, 'ingest', 'orders', 'incoming', '--follow'], {
    ...{ cwd: copy.root, env, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  const exit = once(child, 'exit');
  let said = '';
  for await (const chunk of child.stderr ?? []) {
    said += chunk;
    if (!child.killed && said.includes(until)) child.kill(signal);
  }
  return { exit: await exit, said };
}

test('a followed folder whose follower is killed again and again: in the end each of its files is in the table once', async () => {
  const copy = workspace.copy();
  mkdirSync(copy.path('incoming'));
  const line = (i: number) =>
    `${JSON.stringify({ order_id: `f${i}`, shop: 'west', ordered_at: '2024-05-01 00:00:00', minutes: i })}\n`;
  /** Renamed into place, or written there in two halves. */
  const put = (i: number) => {
    if (i % 2 === 0) {
      copy.write(`${i}.tmp`, line(i));
      renameSync(copy.path(`${i}.tmp`), copy.path(`incoming/${i}.jsonl`));
      return;
    }
    copy.write(`incoming/${i}.jsonl`, line(i).slice(0, 20));
    appendFileSync(copy.path(`incoming/${i}.jsonl`), line(i).slice(20));
  };
  for (let run = 0; run < 4; run++) {
    for (let i = 3 * run; i < 3 * run + 3; i++) put(i);
    const { exit, said } = await follow(copy, `${3 * run}.jsonl: 1 rows accepted`, 'SIGKILL');
    expect(exit, said).toEqual([null, 'SIGKILL']);
    expectWhole(copy);
  }
  put(12);
  const { exit, said } = await follow(copy, '12.jsonl: 1 rows accepted', 'SIGTERM');
  expect(exit, said).toEqual([0, null]);
  await ask(copy, ['incoming']);
  expect(await look(copy)).toMatchObject({ rows: 113, batches: 13 });
});

test('a lake in S3 is one for all machines: each batch once, read through copies that may be deleted, and told of when out of reach', async () => {
  const state = { ...server.environment, CAUSEWAY_STATE: 's3://bucket/ingest' };
  const [one, other] = [workspace.copy(), workspace.copy()];
  for (const copy of [one, other]) await writeOrders(copy.path('1.parquet'), orders(100, 150));
  const args = ['ingest', 'orders', '1.parquet', '--json'];
  const both = await Promise.all([one, other].map((copy) => copy.spawn(args, state)));
  expect(both.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
    Array(2).fill({ exitCode: 0, stderr: '' }),
  );
  const outcomes = both.map(({ stdout }) => JSON.parse(stdout).batches[0].outcome);
  expect(outcomes.sort()).toEqual(['accepted', 'duplicate']);
  const kept = readdirSync(join(server.folder, 'bucket/ingest/lake/orders')).sort();
  expect(kept).toEqual(['batches', 'snapshots']);
  const third = workspace.copy();
  const rows = async () =>
    JSON.parse((await third.spawn(['validate', 'late-order', '--json'], state)).stdout).sources[0].rows;
  expect(await rows()).toBe(150);
  rmSync(third.path('.causeway'), { recursive: true });
  expect(await rows()).toBe(150);
  // The one whose batch came second has left a file that no snapshot names, and nobody reads.
  const copies = Object.entries(third.filesIn('.causeway/cache'));
  const stored = (path: string) => join(server.folder, 'bucket/ingest/lake/orders/batches', basename(path));
  expect(copies).toEqual([[expect.any(String), readFileSync(stored(copies[0]?.[0] ?? ''), 'latin1')]]);
  await server.kill();
  const { exitCode, stdout, stderr } = await third.spawn(['ingest', 'orders'], state);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/causeway: CAUSEWAY_STATE: received s3:\/\/bucket\/ingest\/lake\/orders at /);
});
