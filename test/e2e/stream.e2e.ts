// budget: 240 s
// needs: redis-server, redis-cli, git
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createTemporaryWorkspace, type TemporaryWorkspace } from '@repo/pipeline/fixtures/temporary-workspace';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { createRedisServer } from './redis-server.ts';
import { serveWorkspace } from './served-workspace.ts';

const program = fileURLToPath(new URL('../../apps/pipeline/src/main.ts', import.meta.url));
const server = await createRedisServer();
const followers = new Set<ChildProcess>();
afterEach(() => {
  for (const child of followers) child.kill('SIGKILL');
});
afterAll(() => server.remove());

/** Runs commands of Redis, each a list of words, and answers the lines that it says. */
function redis(...commands: (readonly string[])[]): string[] {
  const input = commands.map((words) => words.map((word) => JSON.stringify(word)).join(' ')).join('\n');
  return execFileSync('redis-cli', ['-p', `${server.port}`], { input, encoding: 'utf8' })
    .trimEnd()
    .split('\n');
}
const event = (stream: string, row: object | string, id?: string): string[] => {
  const text = typeof row === 'string' ? row : JSON.stringify(row);
  return ['XADD', stream, '*', ...(id === undefined ? [] : ['id', id]), 'row', text];
};
/** Events that were delivered and not acknowledged, and those not yet delivered. */
const left = (stream: string): number => {
  const group = redis(['XINFO', 'GROUPS', stream]);
  const at = (name: string) => Number(group[group.indexOf(name) + 1]);
  return at('pending') + at('lag');
};
const settled = (stream: string) => expect.poll(() => left(stream), { timeout: 240_000, interval: 100 }).toBe(0);

/** A follower in a process of its own. */
function follow(root: string, source: string, environment: Record<string, string> = {}) {
  const url = `${server.url}/0/${source}`;
  const child = spawn(process.execPath, [program, 'ingest', source, url, '--follow'], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  followers.add(child);
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  const ended = once(child, 'exit');
  const leave = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    const [code] = await ended;
    followers.delete(child);
    return code as number | null;
  };
  return { said: () => said, kill: leave('SIGKILL'), stop: leave('SIGTERM') };
}

const order = (i: number, extra: object = {}) => ({
  order_id: `n${String(i).padStart(4, '0')}`,
  shop: ['north', 'south', 'west'][i % 3],
  ordered_at: `2024-05-${String(1 + (i % 28)).padStart(2, '0')} 10:00:00`,
  minutes: 60 + (i % 60),
  observed_at: `2024-06-01T00:00:${String(i % 60).padStart(2, '0')}Z`,
  ...extra,
});

/** Digest and rows of the table of the orders. */
async function look(workspace: TemporaryWorkspace) {
  const { stdout, stderr } = await workspace.run(['ingest', 'orders', '--json']);
  if (stdout === '') throw new Error(stderr);
  const { digest, manifest } = JSON.parse(stdout);
  return { digest, rows: manifest.rows };
}

test('a consumer that is killed again and again loses nothing and takes nothing twice, whatever the stream brings', async () => {
  const workspace = await createTemporaryWorkspace();
  const reference = workspace.copy();
  try {
    const all = Array.from({ length: 400 }, (_, i) => order(i));
    const corrected = order(7, { minutes: 90, observed_at: '2024-06-02T00:00:00Z' });
    const outdated = order(7, { minutes: 15, observed_at: '2024-06-01T12:00:00Z' });
    // Sent wrong at first: with a column too many, and with a value that a rule keeps out.
    const mended = [order(9999), order(9998)];
    const last = [...all.filter(({ order_id }) => order_id !== 'n0007'), corrected, ...mended];
    reference.write('all.jsonl', last.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await reference.run(['ingest', 'orders', 'all.jsonl']);
    const expected = await look(reference);

    const chunks = Array.from({ length: 8 }, (_, n) => all.slice(50 * n, 50 * (n + 1)));
    let kills = 0;
    for (const [n, chunk] of chunks.entries()) {
      const follower = follow(workspace.root, 'orders');
      redis(...chunk.toReversed().map((row) => event('orders', row, `event ${row.order_id}`)));
      if (n === 2) redis(event('orders', corrected), event('orders', outdated));
      // Sent again by a producer that does not know whether it arrived: by its id, and without one.
      if (n === 3)
        redis(
          ...chunk.slice(0, 5).map((row) => event('orders', row, `event ${row.order_id}`)),
          event('orders', chunk[9] ?? {}),
        );
      if (n === 4) redis(event('orders', 'no JSON'), event('orders', '[1]'), ['XADD', 'orders', '*', 'rows', '{}']);
      if (n === 5)
        redis(
          event('orders', order(9999, { colour: 'red' }), 'event n9999'),
          event('orders', order(9998, { minutes: -1 }), 'event n9998'),
        );
      if (n === 7) redis(...mended.map((row) => event('orders', row, `event ${row.order_id}`)));
      // Killed at another point of its work each time: as it starts, while it appends, before it acknowledges, when it is done.
      const isDone = () => follower.said().includes('rows accepted');
      if (n % 2 === 0) await expect.poll(isDone, { timeout: 240_000, interval: 5 }).toBe(true);
      else
        await expect
          .poll(() => redis(['XPENDING', 'orders', 'causeway'])[0], { timeout: 240_000, interval: 5 })
          .not.toBe('0');
      await follower.kill();
      kills++;
    }
    const follower = follow(workspace.root, 'orders');
    await settled('orders');
    expect(await follower.stop()).toBe(0);
    expect(await look(workspace)).toEqual(expected);
    const put = redis(['XRANGE', 'orders:quarantine', '-', '+']);
    const reasons = put.flatMap((line, i) => (line === 'reason' ? [put[i + 1]] : []));
    expect(reasons.filter((one) => one === 'a row that is not JSON')).toHaveLength(1);
    expect(reasons.filter((one) => one === 'a row that is no JSON object')).toHaveLength(1);
    expect(reasons.filter((one) => one?.startsWith('fields rows'))).toHaveLength(1);
    expect(reasons.filter((one) => one?.includes('colour'))).toHaveLength(1);
    expect(reasons).toHaveLength(4);
    expect(Object.keys(workspace.filesIn('.causeway/state/lake/orders/quarantine')).length).toBeGreaterThan(0);
    console.log(`${kills} kills; ${expected.rows} rows, as from one file; ${reasons.length} events put aside`);
  } finally {
    await workspace.remove();
  }
});

test('a group shares a stream, and takes over what a dead member left', async () => {
  const { openRedisBatchStream } = await import('@repo/features/redis-batch-stream');
  const notes: string[] = [];
  const open = (consumer: string) =>
    openRedisBatchStream({
      url: `${server.url}/0/shared`,
      consumer,
      maxRows: 3,
      takeOverAfterMs: 50,
      onNote: (note) => notes.push(note),
    });
  redis(...Array.from({ length: 7 }, (_, i) => event('shared', { i })));
  const dead = await open('dead');
  expect(await dead.next()).toMatchObject({
    kind: 'jsonl',
    text: expect.stringMatching(/^\{"i":0,.*\n.*"i":1,.*\n\{"i":2,/),
  });
  await dead.close();
  const alive = await open('alive');
  const seen: number[] = [];
  while (seen.length < 7) {
    const batch = await alive.next();
    if (batch === null || !('text' in batch)) break;
    seen.push(
      ...batch.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).i),
    );
    await alive.acknowledge(batch, []);
  }
  expect(seen.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(left('shared')).toBe(0);
  expect(notes).toContain('took over 3 events that another consumer left');
  const waiting = alive.next();
  await alive.close();
  expect(await waiting).toBeNull();
  redis(['SET', 'text', 'x']);
  await expect(openRedisBatchStream({ url: `${server.url}/0/text` })).rejects.toThrow(/stream: received .*WRONGTYPE/);
  await expect(openRedisBatchStream({ url: `redis://me:secret@127.0.0.1` })).rejects.toThrow(
    /a URL of another form \(27 characters\)/,
  );
});

test('a flight that is put on the stream is seen in the answers of two replicas', async () => {
  const workspace = createCopiedWorkspace();
  const environment = { ONLINE_STORE: server.url, CAUSEWAY_STATE: `file:${workspace.root}/.causeway/state` };
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  try {
    await workspace.succeed(
      'env',
      ...settings,
      'causeway',
      'materialize',
      'flight-delay',
      '--at',
      '2013-12-24T16:00:00Z',
    );
    const replicas = await Promise.all([0, 1].map(() => serveWorkspace(workspace.root, environment)));
    const follower = follow(workspace.root, 'flights', environment);
    const request = {
      carrier: 'UA',
      origin: 'EWR',
      dest: 'IAH',
      scheduled_at: '2013-12-24T18:00:00Z',
      tailnum: 'N14228',
    };
    const delays = async () =>
      Promise.all(
        replicas.map(async (replica) => {
          const { body } = await replica.post('/v2/models/flight-delay/predict', request);
          const features = body.features as { name: string; value: number }[];
          return features.find(({ name }) => name === 'plane_last_departure_delay')?.value;
        }),
      );
    /** A departure of the plane at so many minutes before the cut-off. */
    const departure = (flight: number, delay: number) => ({
      ...{ year: 2013, month: 12, day: 24, dep_time: 1058, sched_dep_time: 900, dep_delay: delay, arr_time: null },
      ...{
        sched_arr_time: 1200,
        arr_delay: null,
        carrier: 'UA',
        flight,
        tailnum: 'N14228',
        origin: 'EWR',
        dest: 'IAH',
      },
      ...{
        air_time: null,
        distance: 1400,
        hour: 9,
        minute: 0,
        time_hour: '2013-12-24 14:00:00',
        observed_at: '2013-12-24T15:59:00Z',
      },
    });
    const seconds: number[] = [];
    // The table is read at the start: the first event is no slower than the others.
    await expect
      .poll(() => follower.said().includes('ready for batches'), { timeout: 240_000, interval: 20 })
      .toBe(true);
    for (const delay of [100, 105, 110, 115]) {
      const startedMs = performance.now();
      redis(event('flights', departure(9000 + delay, delay)));
      await expect.poll(delays, { timeout: 240_000, interval: 20 }).toEqual([delay, delay]);
      seconds.push((performance.now() - startedMs) / 1000);
    }
    await settled('flights');
    console.log(`seen in both replicas after ${seconds.map((one) => one.toFixed(2)).join(', ')} s`);
    expect(await follower.stop()).toBe(0);
    for (const replica of replicas) expect(await replica.stop()).toBe(0);
  } finally {
    workspace.remove();
  }
});
