// budget: 180 s
// needs: redis-server, redis-cli, git
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { InputError } from '@repo/contract/input-error';
import type { OnlineStore, StoredView } from '@repo/features/online-store';
import { openOnlineStore } from '@repo/features/open-online-store';
import { openRedisStore } from '@repo/features/redis-store';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { testOnlineEqualsOffline } from '../contract/online-equals-offline-cases.ts';
import { testOnlineStore } from '../contract/online-store-cases.ts';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { createCountingWay } from './counting-way.ts';
import { freePort } from './free-port.ts';
import { createRedisServer } from './redis-server.ts';
import { serveWorkspace } from './served-workspace.ts';

const server = await createRedisServer();
const redis = (...args: string[]): string =>
  execFileSync('redis-cli', ['-p', `${server.port}`, ...args], { encoding: 'utf8' }).trim();
beforeEach(() => {
  redis('FLUSHALL');
});
afterAll(() => server.remove());

const open = () => openRedisStore(server.url);
const view = (name: string, atUs: number, values: number[]): StoredView => ({
  view: name,
  atUs,
  entities: values.map((value, i) => ({ entity: [`e${i}`], row: { eventUs: atUs, values: [value] } })),
});
const keys = ['a@1', 'b@1'].map((name) => ({ view: name, entity: ['e0'] }));
const values = async (store: OnlineStore) => (await store.get(keys)).map(({ row }) => row?.values[0]);

testOnlineStore('Redis', open);
describe('flights', () => testOnlineEqualsOffline('Redis behind its memory', () => openOnlineStore(server.url, '/')));

test('a read of 6 views and 3 entities is one round trip, and two after a materialization; an entity is one hash', async () => {
  const counter = await createCountingWay(server.port);
  const [writer, reader] = [await open(), await openRedisStore(counter.url)];
  const names = ['a@1', 'b@1', 'c@1', 'd@1', 'e@1', 'f@1'];
  const wanted = names.map((name, i) => ({ view: name, entity: [`e${i % 3}`] }));
  await writer.put(names.map((name) => view(name, 10, [1, 2, 3])));
  expect(await counter.count(() => reader.get(wanted))).toBe(2);
  for (let i = 0; i < 5; i++) expect(await counter.count(() => reader.get(wanted))).toBe(1);
  await writer.put(names.map((name) => view(name, 20, [4, 5, 6])));
  expect(await counter.count(() => reader.get(wanted))).toBe(2);
  expect(await counter.count(() => reader.get(wanted))).toBe(1);
  expect(redis('KEYS', 'causeway:entity:*').split('\n')).toHaveLength(3);
  expect(redis('HLEN', 'causeway:entity:["e0"]')).toBe('6');
  for (const store of [writer, reader]) store.close();
  counter.close();
});

test('100,000 entities are written in bounded batches, and a replaced generation leaves nothing behind', async () => {
  const store = await open();
  const many = (atUs: number) =>
    view(
      'a@1',
      atUs,
      Array.from({ length: 100_000 }, (_, i) => i + atUs),
    );
  await store.put([view('b@1', 10, [5])]);
  const startedMs = performance.now();
  await store.put([many(10)]);
  console.log(`100,000 entities in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  const small = redis('DBSIZE');
  await store.put([many(20)]);
  expect(redis('DBSIZE')).toBe(small);
  expect(redis('HLEN', 'causeway:entity:["e0"]')).toBe('2');
  expect(redis('HLEN', 'causeway:entity:["e99999"]')).toBe('1');
  expect(redis('HLEN', 'causeway:generations')).toBe('2');
  expect(await values(store)).toEqual([20, 5]);
  const [batches = ''] = redis('KEYS', 'causeway:batches:*').split('\n');
  for (const key of [batches, 'causeway:view:a@1', 'causeway:entity:["e99999"]']) {
    expect(Number(redis('TTL', key)), key).toBeGreaterThan(89 * 86_400);
  }
  // A batch of 500 entities is some 60 kB; all 100,000 would be ten megabytes and more on their way at once.
  expect(Number(/client_recent_max_input_buffer:(\d+)/.exec(redis('INFO', 'clients'))?.[1])).toBeLessThan(2 ** 20);
  store.close();
});

test('a writer killed half-way is never seen, and what it left goes with the next write after its lease', async () => {
  const store = await open();
  await store.put([view('a@1', 10, [1])]);
  const script = `
    const { openRedisStore } = await import('@repo/features/redis-store');
    const store = await openRedisStore(process.argv[1]);
    const entities = Array.from({ length: 200_000 }, (_, i) => ({ entity: ['e' + i], row: { eventUs: 1, values: [2] } }));
    await store.put([{ view: 'a@1', atUs: 20, entities }]);`;
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const writer = spawn(process.execPath, ['--input-type=module', '-e', script, server.url], { cwd, stdio: 'inherit' });
  await expect.poll(() => Number(redis('DBSIZE')), { timeout: 30_000, interval: 20 }).toBeGreaterThan(5000);
  const ended = once(writer, 'exit');
  writer.kill('SIGKILL');
  expect(await ended, 'it was killed on its way').toEqual([null, 'SIGKILL']);
  expect(await values(store)).toEqual([1, undefined]);
  expect(await store.materializedAt('a@1')).toBe(10);
  await store.put([view('b@1', 10, [5])]);
  expect(Number(redis('DBSIZE')), 'its lease still holds').toBeGreaterThan(5000);
  const lease = redis('KEYS', 'causeway:lease:*');
  expect(Number(redis('PTTL', lease))).toBeGreaterThan(0);
  redis('DEL', lease);
  await store.put([view('b@1', 20, [6])]);
  expect(redis('KEYS', 'causeway:entity:*').split('\n')).toEqual(['causeway:entity:["e0"]']);
  expect(redis('HLEN', 'causeway:generations')).toBe('2');
  expect(await values(store)).toEqual([1, 6]);
  store.close();
});

test('a writer whose lease ran out publishes nothing', async () => {
  const store = await open();
  await store.put([view('a@1', 10, [1])]);
  const writing = store.put([view('a@1', 20, Array(50_000).fill(2))]);
  await expect.poll(() => redis('KEYS', 'causeway:lease:*'), { timeout: 30_000, interval: 5 }).not.toBe('');
  redis('DEL', redis('KEYS', 'causeway:lease:*'));
  await expect(writing).rejects.toThrow(/lease of a generation ran out/);
  expect(await values(store)).toEqual([1, undefined]);
  store.close();
});

test.each([
  ['an entity of another type', ['SET', 'causeway:entity:["e0"]', 'x'], /WRONGTYPE/],
  ['a pointer of another type', ['SADD', 'causeway:view:a@1', 'x'], /WRONGTYPE/],
  ['a pointer that is none', ['SET', 'causeway:view:a@1', 'yesterday'], /malformed pointer/],
  ['a row that is no JSON', ['HSET', 'causeway:entity:["e0"]', '1', '[1,'], /malformed row/],
  ['a row of text', ['HSET', 'causeway:entity:["e0"]', '1', '[1,"2"]'], /malformed row/],
  ['a row without an event time', ['HSET', 'causeway:entity:["e0"]', '1', '[]'], /malformed row/],
])('%s is a failed read, and a store that still works', async (_, command, reason) => {
  const store = await open();
  await store.put([view('a@1', 10, [1]), view('b@1', 10, [2])]);
  expect(await values(store)).toEqual([1, 2]);
  const key = command[1] as string;
  if (command[0] !== 'HSET') redis('DEL', key);
  redis(...command);
  await expect(store.get(keys)).rejects.toThrow(reason);
  redis('DEL', key);
  expect((await store.get(keys))[1]?.atUs).toBe(10);
  store.close();
});

test('a pointer of another type fails the whole write and leaves the other views as they were', async () => {
  const store = await open();
  await store.put([view('a@1', 10, [1])]);
  redis('SADD', 'causeway:view:b@1', 'x');
  await expect(store.put([view('a@1', 20, [2]), view('b@1', 20, [2])])).rejects.toThrow(/WRONGTYPE/);
  redis('DEL', 'causeway:view:b@1');
  expect(await values(store)).toEqual([1, undefined]);
  store.close();
});

test('while the server is gone reads are refused at once, those under way too, and work again when it is back', async () => {
  const store = await openOnlineStore(server.url, '/');
  await store.put([view('a@1', 10, [1])]);
  expect(await values(store)).toEqual([1, undefined]);
  const other = (i: number) => store.get([{ view: 'a@1', entity: [`x${i}`] }]);
  const underWay = Array.from({ length: 200 }, (_, i) => other(i));
  const settled = Promise.allSettled(underWay);
  await server.kill();
  await settled;
  await expect
    .poll(() =>
      other(1000).then(
        () => 'answered',
        () => 'refused',
      ),
    )
    .toBe('refused');
  const refused = await Promise.allSettled(Array.from({ length: 1000 }, (_, i) => other(2000 + i)));
  // Not after the limit of a read: nothing waits for a server that is known to be gone.
  const reasons = refused.map((one) => (one.status === 'rejected' ? `${one.reason.message}` : 'answered'));
  expect([...new Set(reasons)]).toEqual(['The client is offline']);
  await expect(store.put([view('a@1', 20, [1])])).rejects.toThrow();
  await server.start();
  await expect
    .poll(() => store.get(keys).catch(() => null), { timeout: 10_000 })
    .toEqual(Array(2).fill({ atUs: null, row: null }));
  await store.put([view('a@1', 10, [3])]);
  expect(await values(store)).toEqual([3, undefined]);
  store.close();
});

test('a server killed during a write fails the write', async () => {
  const store = await open();
  const writing = store.put([view('a@1', 20, Array(100_000).fill(2))]);
  const failed = expect(writing).rejects.toThrow();
  await expect.poll(() => Number(redis('DBSIZE')), { timeout: 30_000, interval: 5 }).toBeGreaterThan(1000);
  await server.kill();
  await failed;
  await server.start();
  await expect.poll(() => store.materializedAt('a@1').catch(() => -1), { timeout: 10_000 }).toBeNull();
  store.close();
});

test('a server that holds still is given up within the limit of a read, and read again when it goes on', async () => {
  const store = await open();
  await store.put([view('a@1', 10, [1])]);
  server.freeze(true);
  try {
    const reads = Array.from({ length: 50 }, () => store.get(keys));
    const settled = await Promise.allSettled(reads);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(openRedisStore(server.url)).rejects.toThrow(/did not answer within/);
  } finally {
    server.freeze(false);
  }
  await expect.poll(() => values(store).catch(() => null), { timeout: 10_000 }).toEqual([1, undefined]);
  store.close();
});

test('a connection that has gone silent is replaced after the first read that it does not answer', async () => {
  const way = await createCountingWay(server.port);
  const store = await openRedisStore(way.url);
  await store.put([view('a@1', 10, [1])]);
  way.lose();
  await expect(values(store)).rejects.toThrow(/did not answer within/);
  await expect.poll(() => values(store).catch(() => null), { timeout: 10_000 }).toEqual([1, undefined]);
  store.close();
  way.close();
});

test('a user, a password and a database that the server does not know are refused as input, the password kept back', async () => {
  const locked = await createRedisServer('--requirepass', 'the-secret');
  try {
    const url = (user: string, path = '') => `redis://${user}127.0.0.1:${locked.port}${path}`;
    const [zero, one] = [await openRedisStore(url(':the-secret@')), await openRedisStore(url(':the-secret@', '/1'))];
    await zero.put([view('a@1', 10, [1])]);
    expect([await zero.materializedAt('a@1'), await one.materializedAt('a@1')]).toEqual([10, null]);
    for (const store of [zero, one]) store.close();
    for (const [wrong, action] of [
      [url(':no-secret@'), /correct the user and the password/],
      [url(''), /correct the user and the password/],
      [url(':the-secret@', '/99'), /name a database that the server has/],
      [`redis://127.0.0.1:${await freePort()}`, /start the server/],
      ['redis://nowhere.invalid', /ENOTFOUND|EAI_AGAIN/],
    ] as const) {
      const refused = await openRedisStore(wrong).catch((error: Error) => error);
      expect(refused).toBeInstanceOf(InputError);
      expect((refused as Error).message).toMatch(/^ONLINE_STORE: received redis:/);
      expect((refused as Error).message).toMatch(action);
      expect((refused as Error).message).not.toMatch(/secret/);
    }
  } finally {
    await locked.remove();
  }
});

test('something else that listens on the port is refused as input', async () => {
  const other = createServer((socket) => {
    socket.on('error', () => {}).on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(openRedisStore(`redis://127.0.0.1:${port}`)).rejects.toThrow(
    /^ONLINE_STORE: .*correct host, port and scheme/,
  );
  other.close();
});

test('causeway materialize fills it once; the service reads it, answers without it while it is gone, and reads it again', async () => {
  const workspace = createCopiedWorkspace();
  try {
    const materialize = (...args: string[]) =>
      workspace.succeed('env', `ONLINE_STORE=${server.url}`, 'causeway', 'materialize', 'flight-delay', ...args);
    const at = ['--at', '2013-12-24T16:00:00Z'];
    expect(await materialize(...at)).toContain('view');
    expect(Number(redis('HLEN', 'causeway:generations'))).toBeGreaterThan(3);
    expect(redis('KEYS', 'causeway:entity:*')).toContain('["JFK"]');
    expect(await materialize(...at, '--if-empty')).toContain('The online store holds every view.');

    let service = await serveWorkspace(workspace.root, { ONLINE_STORE: server.url });
    const flight = {
      carrier: 'UA',
      origin: 'EWR',
      dest: 'IAH',
      scheduled_at: '2013-12-24T18:00:00Z',
      tailnum: 'N14228',
    };
    const predict = async () => {
      const { status, body } = await service.post('/v2/models/flight-delay/predict', flight);
      return { status, isWhole: Array.isArray(body.degraded_reasons) && body.degraded_reasons.length === 0 };
    };
    expect(await predict()).toEqual({ status: 200, isWhole: true });
    await server.kill();
    // The memory of the service knows the flight for half a second yet.
    await expect.poll(predict, { timeout: 10_000 }).toEqual({ status: 200, isWhole: false });
    expect(await service.stop()).toBe(0);
    service = await serveWorkspace(workspace.root, { ONLINE_STORE: server.url });
    expect(await predict(), 'started while the store is away').toEqual({ status: 200, isWhole: false });
    await server.start();
    await materialize(...at);
    await expect.poll(predict, { timeout: 30_000 }).toEqual({ status: 200, isWhole: true });
    expect(await service.stop()).toBe(0);
  } finally {
    workspace.remove();
  }
});
