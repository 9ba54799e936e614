import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '@repo/contract/input-error';
import { defineSource, type SourceDefinition } from '@repo/contract/source';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from './database.ts';
import { ingest, ingestSteps } from './ingest.ts';
import { readSnapshot } from './snapshot.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingest-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const csv = `code,sold,price,paid,note
007,2013-03-10 06:59:59,1.25,true,"a ""quoted"", line"
0042,2013-01-01 00:00:00,,false,
9E1,2013-11-03 05:30:00,-3,,2013-01-01T05:00:00Z
`;

function ticketSource(extra: Partial<SourceDefinition> = {}) {
  return defineSource({
    name: 'tickets',
    about: 'Tickets of a made-up line',
    owner: 'tests',
    licence: 'CC0-1.0',
    key: ['code'],
    eventTime: 'sold_at',
    columns: {
      code: { type: 'text', about: 'Code' },
      sold_at: { type: 'instant', about: 'Sale' },
      price: { type: 'number', nullable: true, about: 'Price' },
      paid: { type: 'boolean', nullable: true, about: 'Paid' },
      note: { type: 'text', nullable: true, about: 'Note' },
    },
    raw: { tickets: pathToFileURL(join(folder, 'tickets.csv')) },
    sql: `SELECT CAST(code AS VARCHAR) AS code, timezone('UTC', CAST(sold AS TIMESTAMP)) AS sold_at, CAST(price AS DOUBLE) AS price,
            CAST(paid AS BOOLEAN) AS paid, CAST(note AS VARCHAR) AS note FROM tickets`,
    notes: { 'unpaid codes': 'SELECT code FROM tickets WHERE paid IS DISTINCT FROM true' },
    rules: [],
    ...extra,
  });
}

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const folderAt = (name: string): string => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};

/** The tickets as CSV, as typed Parquet and as JSON lines. */
async function allKinds(content = csv): Promise<string[]> {
  const paths = [write('tickets.csv', content), join(folder, 'tickets.parquet'), join(folder, 'tickets.jsonl')];
  const database = await openDatabase();
  const typed = `SELECT code, sold::TIMESTAMP AS sold, price::DOUBLE AS price, paid::BOOLEAN AS paid, note
    FROM read_csv('${paths[0]}', all_varchar = true)`;
  await database.run(`COPY (${typed}) TO '${paths[1]}' (FORMAT parquet)`);
  await database.run(`COPY (${typed}) TO '${paths[2]}' (FORMAT json)`);
  database.close();
  return paths;
}

const outDir = () => join(folder, 'out', 'tickets');
const ingestTickets = (path: string) => ingest(ticketSource(), { outDir: outDir(), files: { tickets: path } });

async function problemOf(run: Promise<unknown>) {
  const error = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).problems[0];
}

test('the same rows give the same digest from Parquet, CSV and JSON lines', async () => {
  const digests = [];
  for (const path of await allKinds()) digests.push((await ingestTickets(path)).digest);
  expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(new Set(digests).size).toBe(1);
});

test('a text that looks like a time or a number stays that text in all three', async () => {
  const [head = ''] = csv.split('\n');
  const dated = `${head}\n0012,2013-01-01 00:00:00,1,true,2013-01-01T05:00:00Z\n13,2013-01-02 00:00:00,2,true,2013-01-02T05:00:00Z\n`;
  const digests = [];
  for (const path of await allKinds(dated)) digests.push((await ingestTickets(path)).digest);
  expect(new Set(digests).size).toBe(1);
});

test('a folder named like a partition adds no column and changes none', async () => {
  const paths = await allKinds();
  const { digest } = await ingestTickets(paths[0] ?? '');
  const dir = join(folderAt('price=7'), 'code=x%20y');
  mkdirSync(dir);
  for (const path of paths) {
    const copy = join(dir, basename(path));
    copyFileSync(path, copy);
    expect((await ingestTickets(copy)).digest).toBe(digest);
  }
});

test('a snapshot holds typed rows by event time, their range and the notes, and nothing of the machine', async () => {
  const [path = ''] = await allKinds();
  const { manifest, dataPath } = await ingestTickets(path);
  const database = await openDatabase();
  onTestFinished(() => database.close());
  const rows = await database.rows(`SELECT code, epoch_us(sold_at) AS us, price, paid, note FROM '${dataPath}'`);
  expect(rows).toEqual([
    { code: '0042', us: BigInt(Date.UTC(2013, 0, 1)) * 1000n, price: null, paid: false, note: null },
    {
      code: '007',
      us: BigInt(Date.UTC(2013, 2, 10, 6, 59, 59)) * 1000n,
      price: 1.25,
      paid: true,
      note: 'a "quoted", line',
    },
    {
      code: '9E1',
      us: BigInt(Date.UTC(2013, 10, 3, 5, 30)) * 1000n,
      price: -3,
      paid: null,
      note: '2013-01-01T05:00:00Z',
    },
  ]);
  expect(manifest).toMatchObject({
    source: 'tickets',
    rows: 3,
    eventTimeUs: [Date.UTC(2013, 0, 1) * 1000, Date.UTC(2013, 10, 3, 5, 30) * 1000],
    notes: { 'unpaid codes': ['0042', '9E1'] },
  });
  expect(JSON.stringify(manifest)).not.toContain(folder);
});

test('two runs, any raw order and any number of threads give the same bytes, across several row groups', async () => {
  const database = await openDatabase();
  const rows = `SELECT i::VARCHAR AS code, TIMESTAMP '2013-01-01' + to_seconds(i % 5000) AS sold, i / 7 AS price, i % 3 = 0 AS paid, NULL AS note
    FROM range(150000) t(i)`;
  const [up, down] = [join(folder, 'up.parquet'), join(folder, 'down.parquet')];
  await database.run(`COPY (${rows} ORDER BY i) TO '${up}' (FORMAT parquet)`);
  await database.run(`COPY (${rows} ORDER BY i DESC) TO '${down}' (FORMAT parquet)`);
  database.close();
  const source = ticketSource({ notes: {} });
  const digests = [];
  for (const [path, threads] of [
    [up, 1],
    [up, 4],
    [down, 2],
  ] as const)
    digests.push((await ingest(source, { outDir: outDir(), files: { tickets: path }, threads })).digest);
  expect(new Set(digests).size).toBe(1);
});

test('progress names each step once, in order', async () => {
  const [path = ''] = await allKinds();
  const steps: string[] = [];
  await ingest(ticketSource(), { outDir: outDir(), files: { tickets: path }, onProgress: (step) => steps.push(step) });
  expect(steps).toEqual([...ingestSteps]);
});

const whole = 'fetch the file again';
test.each([
  ['missing', () => join(folder, 'gone.parquet'), /does not exist/, 'put the file there'],
  ['a folder', () => folderAt('x.csv'), /not a file/, 'name a file'],
  ['of an unknown ending', () => write('tickets.xlsx', csv), /ending in \.xlsx/, 'convert or rename the file'],
  ['empty', () => write('none.csv', ''), /0 bytes/, whole],
  ['without rows', () => write('none.csv', 'code,sold,price,paid,note\n'), /0 rows/, whole],
  [
    'text renamed to Parquet',
    () => write('text.parquet', csv),
    /not Parquet/,
    'fetch it again, or give it the ending of what it is',
  ],
  ['shorter than any Parquet', () => write('short.parquet', 'PAR1'), /cut off/, whole],
  [
    'a broken footer',
    () => write('broken.parquet', `PAR1${'x'.repeat(100)}PAR1`),
    /broken\.parquet/,
    `${whole}, or mend it`,
  ],
])('a raw file that is %s is refused by name', async (_, file, received, action) => {
  const problem = await problemOf(ingestTickets(file()));
  expect(problem).toMatchObject({ path: 'tickets.raw.tickets', action });
  expect(problem?.received).toMatch(received);
  expect(readdirSync(folder)).not.toContain('out');
});

test('a truncated Parquet file is refused', async () => {
  const [, parquet = ''] = await allKinds();
  const bytes = readFileSync(parquet);
  const problem = await problemOf(ingestTickets(write('cut.parquet', bytes.subarray(0, bytes.length / 2))));
  expect(problem?.received).toMatch(/cut off/);
});

test('a value of the wrong type is refused with the value', async () => {
  const problem = await problemOf(ingestTickets(write('bad.csv', csv.replace('1.25', 'cheap'))));
  expect(problem).toMatchObject({ path: 'tickets.sql', received: expect.stringContaining("'cheap'") });
});

test('a raw file that lacks a column is refused with its name', async () => {
  const problem = await problemOf(ingestTickets(write('bad.csv', csv.replace('price', 'cost'))));
  expect(problem).toMatchObject({ path: 'tickets.sql', received: expect.stringContaining('price') });
});

test('a SELECT of other columns or types than declared is refused, each by name', async () => {
  const [path = ''] = await allKinds();
  const sql = `SELECT code, CAST(sold AS TIMESTAMP) AS sold_at, 1.0::DOUBLE AS price, true AS paid, 'x' AS remark FROM tickets`;
  const error = await ingest(ticketSource({ sql }), { outDir: outDir(), files: { tickets: path } }).catch((e) => e);
  expect(error).toBeInstanceOf(InputError);
  expect(
    error.problems.map((p: { path: string; received: string; allowed: string }) => [p.path, p.received, p.allowed]),
  ).toEqual([
    ['tickets.sql.sold_at', 'TIMESTAMP', 'instant'],
    ['tickets.sql.note', 'no such column', 'text'],
    ['tickets.sql.remark', 'text', 'no such column'],
  ]);
});

test('a SELECT without rows, a note that does not run and an unknown raw table are refused', async () => {
  const [path = ''] = await allKinds();
  const run = (extra: Partial<SourceDefinition>, files = { tickets: path }) =>
    problemOf(ingest(ticketSource(extra), { outDir: outDir(), files }));
  expect(await run({ sql: `${ticketSource().sql} WHERE false` })).toMatchObject({
    path: 'tickets.sql',
    received: '0 rows',
  });
  expect(await run({ notes: { wrong: 'SELECT nothing' } })).toMatchObject({ path: 'tickets.notes.wrong' });
  const typo = { ticket: path } as unknown as { tickets: string };
  expect(await run({}, typo)).toMatchObject({ path: 'tickets.files.ticket', allowed: 'tickets' });
});

test('a failed ingest leaves the former snapshot whole and nothing beside it', async () => {
  const [path = ''] = await allKinds();
  const { digest } = await ingestTickets(path);
  const failing = ticketSource({ notes: { wrong: 'SELECT nothing' } });
  await problemOf(ingest(failing, { outDir: outDir(), files: { tickets: path } }));
  await problemOf(ingestTickets(write('bad.csv', csv.replace('1.25', 'cheap'))));
  expect((await readSnapshot(outDir())).digest).toBe(digest);
  expect(readdirSync(join(folder, 'out'))).toEqual(['tickets']);
});

test('an output folder that holds other files, is a file or lies under one is refused and left alone', async () => {
  const [path = ''] = await allKinds();
  const other = join(folder, 'mine');
  mkdirSync(other);
  copyFileSync(path, join(other, 'thesis.txt'));
  const run = (dir: string) => problemOf(ingest(ticketSource(), { outDir: dir, files: { tickets: path } }));
  expect((await run(other))?.received).toMatch(/holds thesis\.txt/);
  expect((await run(path))?.received).toMatch(/ENOTDIR/);
  expect((await run(join(path, 'under')))?.path).toBe('outDir');
  expect(readdirSync(other)).toEqual(['thesis.txt']);
  expect(readFileSync(path, 'utf8')).toBe(csv);
});

/** What a user without privileges gets from a call of one of our functions: the error's name and what it received. */
function asNobody(file: string, call: string, argument: string): string {
  const script = `
    const module = await import(${JSON.stringify(new URL(file, import.meta.url).href)});
    await (async () => module.${call})().catch((e) => console.log(e.name, e.problems?.[0].received));`;
  chmodSync(folder, 0o755);
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const args = ['--input-type=module', '-e', script, argument];
  return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder, ...nobody }).stdout;
}

test('a read-only output folder is refused', () => {
  const locked = folderAt('locked');
  chmodSync(locked, 0o555);
  const call = 'replaceFolder(process.argv[1], [], async () => {})';
  expect(asNobody('./folder.ts', call, join(locked, 'out'))).toMatch(/^InputError .*EACCES/);
});

test('a raw file that may not be read is refused', () => {
  const path = write('secret.csv', csv);
  chmodSync(path, 0o000);
  expect(asNobody('./raw-file.ts', "rawFileSql(process.argv[1], 'tickets')", path)).toMatch(
    /^InputError .*may not be read/,
  );
});
