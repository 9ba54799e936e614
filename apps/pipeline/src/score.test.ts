import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { formatInstant } from '@repo/contract/instant';
import { openSqliteStore } from '@repo/features/sqlite-store';
import { readBundle } from '@repo/registry/read-bundle';
import { openServedModel } from '@repo/serving/open-served-model';
import { createPredictor } from '@repo/serving/predict/predictor';
import { isPredictive } from '@repo/serving/served-model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from './context.ts';
import {
  commitLateOrder,
  createScoringWorkspace,
  dataBeginsUs,
  lateOrderContract,
  query,
  writeTable,
} from './fixtures/scoring-workspace.ts';
import type { TemporaryWorkspace } from './fixtures/temporary-workspace.ts';
import { createProgress } from './progress.ts';
import { scoreVerb } from './verbs/score.ts';
import { findWorkspace } from './workspace.ts';

let workspace: TemporaryWorkspace;
let digest: string;
beforeAll(async () => {
  ({ workspace, digest } = await createScoringWorkspace());
});
afterAll(() => workspace.remove());

const hourUs = 3600e6;
/** Eight moments, 53 hours apart, at each of which all three shops and one that nobody knows are asked about. */
const moments = Array.from({ length: 8 }, (_, i) => dataBeginsUs + (10 + 53 * i) * hourUs);
const requestsSql = `SELECT 'r' || i || shop AS id, shop, make_timestamptz(${dataBeginsUs} + CAST((10 + 53 * i) * ${hourUs} AS BIGINT)) AS ordered_at
  FROM range(8) t(i), unnest(['north', 'south', 'west', 'nowhere']) s(shop) ORDER BY i, shop`;

async function score(...args: string[]) {
  const finished = await workspace.run(['score', 'late-order', ...args, '--json']);
  return { ...finished, json: finished.stdout === '' ? null : JSON.parse(finished.stdout) };
}

/** What the service answers at those moments, by moment and shop, its online store being filled for each of them. */
async function served(): Promise<Map<string, { probability: number; decision: boolean; degraded_reasons: string[] }>> {
  const bundle = await readBundle(workspace.path('models/late-order/release/1'));
  const serving = { workers: 1, hardTimeoutMs: 60_000, maxQueueBytes: 2 ** 20, warn: () => {} };
  const model = await openServedModel({ ...bundle, version: 1 }, serving);
  if (!isPredictive(model)) throw new TypeError('a bundle without a contract');
  const answers = new Map();
  const file = workspace.path('.causeway/state/online.sqlite');
  for (const us of moments) {
    const at = formatInstant(us);
    await workspace.run(['materialize', 'late-order', '--at', at]);
    const store = openSqliteStore(file);
    const observer = { breakerChanged() {}, decoded() {}, outlier() {}, storeRead() {}, guardTripped() {} };
    const predictor = createPredictor({ model, role: 'champion', store, observer });
    for (const shop of ['north', 'nowhere', 'south', 'west'])
      answers.set(`${at} ${shop}`, (await predictor.predict({ shop, ordered_at: at })).prediction);
    store.close();
  }
  await model.close();
  return answers;
}

test('requests get the answers of the service to the last bit, and its reasons', async () => {
  await writeTable(workspace.path('requests.parquet'), requestsSql);
  const { exitCode, json, stderr } = await score('requests.parquet');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'ingest orders\njoin features\nscore\nwrite\n' });
  const rows = await query(`SELECT *, epoch_us(ordered_at) AS us FROM '${workspace.path('requests.scored.parquet')}'`);
  const expected = await served();
  const scored = rows.map(({ us, shop, probability, decision, degraded_reasons }) => [
    `${formatInstant(Number(us))} ${shop}`,
    { probability, decision, degraded_reasons: (degraded_reasons as unknown as { items: string[] }).items },
  ]);
  expect(scored).toEqual(
    [...expected].map(([key, { probability, decision, degraded_reasons }]) => [
      key,
      { probability, decision, degraded_reasons },
    ]),
  );
  expect(rows[0]).toMatchObject({ id: 'r0north', model_version: '1', model_digest: digest });
  expect(json).toEqual({
    ...{
      model: 'late-order',
      version: 1,
      digest,
      out: workspace.path('requests.scored.parquet'),
      rows: 32,
      answered: 32,
    },
    reasons: { 'unknown_category:shop': 16, 'missing:shop_minutes_mean': 8 },
  });
});

test('a table in slices gets the same answers in the same order, in a file of any kind, and leaves no part behind', async () => {
  // Backwards, so that the order of rows is not that of time.
  const text = `SELECT id, shop, strftime(ordered_at, '%Y-%m-%dT%H:%M:%SZ') AS ordered_at FROM (${requestsSql}) ORDER BY id DESC`;
  await writeTable(workspace.path('back.csv'), text);
  const root = workspace.root;
  const progress = createProgress({ isTTY: false, write: () => true });
  const nothing = { version: null, atUs: null, file: 'back.csv' };
  const context = {
    ...{ workspace: findWorkspace(root), progress, workingDir: root, stateUrl: 'file:.causeway/state' },
    ...{ nowUs: dataBeginsUs, environment: {}, onlineStore: undefined },
  } as unknown as Context;
  for (const ending of ['csv', 'jsonl', 'parquet']) {
    const read = `read_${ending === 'jsonl' ? 'json' : ending}`;
    const rows = (name: string) => query(`FROM ${read}('${workspace.path(`${name}.${ending}`)}')`);
    await scoreVerb(context, 'late-order', { ...nothing, out: `whole.${ending}` });
    await scoreVerb(context, 'late-order', { ...nothing, out: `sliced.${ending}`, sliceRows: 7 });
    expect(await rows('sliced')).toEqual(await rows('whole'));
  }
  expect(readdirSync(root).filter((name) => name.startsWith('.score'))).toEqual([]);
});

test('CSV and JSON lines are read and written like Parquet', async () => {
  await writeTable(workspace.path('requests.parquet'), requestsSql);
  const text = `SELECT id, shop, strftime(ordered_at, '%Y-%m-%dT%H:%M:%SZ') AS ordered_at FROM (${requestsSql})`;
  for (const ending of ['csv', 'jsonl']) {
    await writeTable(workspace.path(`text.${ending}`), text);
    expect(await score(`text.${ending}`, '--out', `out.${ending}`)).toMatchObject({
      exitCode: 0,
      json: { answered: 32 },
    });
  }
  await score('requests.parquet', '--out', 'out.parquet');
  const columns = `id, shop, probability::DOUBLE AS probability, decision::BOOLEAN AS decision, features_as_of::TIMESTAMPTZ AS at`;
  const [parquet, csv, jsonl] = await Promise.all([
    query(
      `SELECT ${columns}, array_to_string(degraded_reasons, ' ') AS reasons FROM '${workspace.path('out.parquet')}'`,
    ),
    query(`SELECT ${columns}, coalesce(degraded_reasons, '') AS reasons FROM '${workspace.path('out.csv')}'`),
    query(
      `SELECT ${columns}, array_to_string(degraded_reasons, ' ') AS reasons FROM read_json('${workspace.path('out.jsonl')}')`,
    ),
  ]);
  expect(csv).toEqual(parquet);
  expect(jsonl).toEqual(parquet);
});

test('a table with every feature is taken as it is: names or codes of categories, null and NaN for missing, and its statuses', async () => {
  const features = `hour, shop_minutes_mean, shop_deliveries`;
  const sql = `SELECT * FROM (VALUES
    ('north', 1, 3.5::FLOAT, 90.0::DOUBLE, 4, 0), ('nowhere', 7, 3.5, NULL, 4, 1), (NULL, NULL, 3.5, 'NaN', 4, 2)
  ) t(name, code, ${features}, shop_minutes_mean__status)`;
  await writeTable(workspace.path('names.parquet'), `SELECT name AS shop, ${features} FROM (${sql})`);
  await writeTable(workspace.path('codes.parquet'), `SELECT * EXCLUDE (code, name), code AS shop FROM (${sql})`);
  await writeTable(workspace.path('names.csv'), `SELECT name AS shop, ${features} FROM (${sql})`);
  for (const file of ['names.parquet', 'codes.parquet', 'names.csv'])
    expect(await score(file, '--out', `${file}.out.parquet`)).toMatchObject({ exitCode: 0, json: { answered: 3 } });
  const read = (file: string) =>
    query(
      `SELECT probability, array_to_string(degraded_reasons, ' ') AS reasons FROM '${workspace.path(file)}.out.parquet'`,
    );
  const names = await read('names.parquet');
  expect(names.map(({ reasons }) => reasons)).toEqual([
    '',
    'unknown_category:shop missing:shop_minutes_mean',
    'missing:shop missing:shop_minutes_mean',
  ]);
  expect(names[0]?.probability).toBeCloseTo(1 / (1 + Math.exp(-(0.5 - 0.4375 + 2.8125 + 0.25))), 6);
  expect(await read('names.csv')).toEqual(names);
  const codes = await read('codes.parquet');
  expect(codes.map(({ probability }) => probability)).toEqual(names.map(({ probability }) => probability));
  expect(codes[1]?.reasons).toBe('unknown_category:shop stale:shop_minutes_mean');
});

test('a row that the service would refuse gets no answer and says why, and the others get theirs', async () => {
  workspace.write(
    'odd.csv',
    'shop,ordered_at\nnorth,2024-02-01T12:00:00Z\nnorth,2023-12-31T12:00:00Z\nnorth,2024-02-01 12:00\n,2024-02-01T12:00:00Z\nnorth,2024-02-30\nnorth,2024-02-01T14:00:00+02:00\n',
  );
  expect((await score('odd.csv')).json).toMatchObject({ rows: 6, answered: 2 });
  const rows = await query(
    `SELECT probability, decision, degraded_reasons AS why FROM '${workspace.path('odd.scored.csv')}'`,
  );
  expect(rows.map(({ why }) => why)).toEqual([
    null,
    'cutoff_before_data',
    'invalid_request:ordered_at',
    'invalid_request:shop',
    'invalid_request:ordered_at',
    null,
  ]);
  expect(rows[1]).toMatchObject({ probability: null, decision: null });
  expect(rows[5]?.probability).toBe(rows[0]?.probability);
});

test('what became known after a moment is left out when told so', async () => {
  workspace.write('late.csv', 'shop,ordered_at\nsouth,2024-02-01T12:00:00Z\nsouth,2024-03-01T12:00:00Z\n');
  const answersOf = async (...args: string[]) => {
    await score('late.csv', '--out', 'late.out.csv', ...args);
    return query(`SELECT probability, features_as_of FROM '${workspace.path('late.out.csv')}'`);
  };
  const [all, early] = [await answersOf(), await answersOf('--at', '2024-02-10')];
  expect(early[0]).toEqual(all[0]);
  expect(early[1]?.probability).not.toBe(all[1]?.probability);
  expect(String(early[1]?.features_as_of)).toBe('2024-02-10 00:00:00+00');
});

test('a file that does not fit is refused with what came, what is allowed and what to do, and nothing is written', async () => {
  workspace.write('bare.csv', 'shop\nnorth\n');
  workspace.write('taken.csv', 'shop,ordered_at,probability\nnorth,2024-02-01,1\n');
  workspace.write('empty.csv', 'shop,ordered_at\n');
  workspace.write('ragged.csv', 'shop,ordered_at\nnorth,2024-02-01\nnorth,"2024-02-01\n');
  workspace.write('notes.txt', 'shop');
  await writeTable(
    workspace.path('zoneless.parquet'),
    `SELECT 'north' AS shop, TIMESTAMP '2024-02-01 00:00:00' AS ordered_at`,
  );
  await writeTable(
    workspace.path('ready.parquet'),
    `SELECT 0 AS shop, 1 AS hour, 2 AS shop_minutes_mean, 3 AS shop_deliveries`,
  );
  const before = readdirSync(workspace.root);
  for (const [args, message] of [
    [['bare.csv'], /column ordered_at: received no such column; allowed: TIMESTAMP WITH TIME ZONE.*; add the column/],
    [['taken.csv'], /file: received probability; allowed: columns other than probability, decision.*; rename them/],
    [['empty.csv'], /file: received ".*empty.csv", which has 0 rows; allowed: at least one row/],
    [['ragged.csv'], /ragged.csv": received Invalid Input Error.*; allowed: a whole .*; write the file again/],
    [
      ['notes.txt', '--out', 'out.csv'],
      /file: received ".*notes.txt", ending in .txt; allowed: .parquet, .csv, .jsonl/,
    ],
    [['absent.csv'], /which does not exist/],
    [['zoneless.parquet'], /column ordered_at: received TIMESTAMP; allowed: TIMESTAMP WITH TIME ZONE, or text/],
    [
      ['ready.parquet', '--at', '2024-02-01'],
      /--at: received a file with the features ready; allowed: a file of requests/,
    ],
    [['ready.parquet', '--out', 'ready.txt'], /--out: received ".*ready.txt"; allowed: .parquet, .csv, .jsonl/],
    [['ready.parquet', '--out', 'ready.parquet'], /--out: .*; allowed: another file than the one that is read/],
    [['ready.parquet', '--out', 'nowhere/out.csv'], /--out: received ".*out.csv", whose folder does not exist/],
    [['ready.parquet', '--version', '7'], /version of late-order: received 7/],
  ] as const) {
    const { exitCode, stdout, stderr } = await score(...args);
    expect({ args, exitCode, stdout, stderr }).toEqual({
      args,
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  }
  expect(readdirSync(workspace.root)).toEqual(before);
});

test('a champion whose bytes are not those of its digest answers nothing', async () => {
  const copy = workspace.copy();
  copy.write('models/late-order/release/1/model.onnx', 'another');
  copy.write('one.csv', 'shop,ordered_at\nnorth,2024-02-01\n');
  const { exitCode, stderr } = await copy.run(['score', 'late-order', 'one.csv']);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('a bundle is never edited'),
  });
  await rm(copy.path('models/late-order/champion.json'));
  expect((await copy.run(['score', 'late-order', 'one.csv'])).stderr).toContain('champion, which is not set');
});

test('a definition that refuses unknown categories gets no answer to them, one that answers them otherwise is refused', async () => {
  const copy = workspace.copy();
  copy.write('two.csv', 'shop,ordered_at\nnorth,2024-02-01\nnowhere,2024-02-01\n');
  await commitLateOrder(copy, lateOrderContract({ unknowns: 'reject' }));
  expect(JSON.parse((await copy.run(['score', 'late-order', 'two.csv', '--json'])).stdout)).toMatchObject({
    ...{ rows: 2, answered: 1, reasons: { 'rejected_input:shop': 1 } },
  });
  for (const serving of [{ outliers: 'clamp' }, { unknowns: 'fallback' }] as const) {
    await commitLateOrder(copy, lateOrderContract(serving));
    const { exitCode, stderr } = await copy.run(['score', 'late-order', 'two.csv']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/allowed: flag.*ask the service/),
    });
  }
});
