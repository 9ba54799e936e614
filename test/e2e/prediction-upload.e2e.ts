// budget: 180 s
// needs: versitygw|go
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@repo/datasets/database';
import { createPredictionLog, type PredictionLogOptions } from '@repo/serving/prediction-log/create-prediction-log';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createS3Server, type S3Server } from './s3-server.ts';

let server: S3Server;
const scratch = mkdtempSync(join(tmpdir(), 'upload-e2e-'));
beforeAll(async () => {
  server = await createS3Server();
}, 150_000);
afterAll(async () => {
  await server.remove();
  rmSync(scratch, { recursive: true });
});
beforeEach(() => void Object.assign(process.env, server.environment));

let logs = 0;
/** A log whose state is in the bucket, each in a folder and below a prefix of its own. A segment is closed with every batch. */
function openLog(different: Partial<PredictionLogOptions> = {}) {
  logs++;
  const [counts, warnings] = [{} as Record<string, number>, [] as string[]];
  const dir = different.dir ?? join(scratch, `log-${logs}`);
  const stateUrl = different.stateUrl ?? `s3://bucket/state-${logs}`;
  const log = createPredictionLog({
    durable: true,
    segmentMs: 0,
    count: () => {},
    countFiles: (result, files) => {
      counts[result] = (counts[result] ?? 0) + files;
    },
    warn: (message) => warnings.push(message),
    ...different,
    dir,
    stateUrl,
  });
  return { log, dir, stateUrl, counts, warnings };
}
type Log = ReturnType<typeof openLog>['log'];

async function append(log: Log, ...ids: string[]): Promise<void> {
  for (const requestId of ids) {
    const told = {
      model: 'flight-delay',
      version: '1',
      digest: `sha256:${'0'.repeat(64)}`,
      level: 'champion',
    } as const;
    await log.append({ ...told, requestId, kind: 'infer', data: () => ({ inputs: [], outputs: [] }) });
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.parquet'));
/** Request ids of the bucket, as whoever joins labels reads them. */
async function uploadedIds(stateUrl: string): Promise<string[]> {
  const folder = join(server.folder, stateUrl.slice('s3://'.length), 'predictions');
  const database = await openDatabase();
  try {
    const rows = await database.rows('select id from read_parquet($1)', [join(folder, 'flight-delay/*/*.parquet')]);
    return rows.map(({ id }) => String(id)).sort();
  } finally {
    database.close();
  }
}

test('what was answered is in the bucket once the process has left, and gone from its disk, which may go with it', async () => {
  const { log, dir, stateUrl, counts, warnings } = openLog({ segmentMs: 300_000 });
  await append(log, 'a', 'b', 'c');
  await log.close();
  expect(await uploadedIds(stateUrl)).toEqual(['a', 'b', 'c']);
  expect(filesIn(dir)).toEqual([]);
  expect([counts, warnings]).toEqual([{ uploaded: 1 }, []]);
});

test('a server that is away holds nobody up; what was made meanwhile stays on the disk and goes with the next start', async () => {
  const before = openLog();
  await server.kill();
  await append(before.log, 'a', 'b');
  await expect.poll(() => before.counts.failed ?? 0, { timeout: 60_000 }).toBeGreaterThan(0);
  await append(before.log, 'c');
  await before.log.close();
  expect(before.warnings).toEqual([expect.stringMatching(/kept here until they can: CAUSEWAY_STATE: received s3:/)]);
  await server.start();
  const { dir, stateUrl } = before;
  const after = openLog({ dir, stateUrl });
  await expect.poll(() => after.counts.uploaded ?? 0, { timeout: 60_000 }).toBeGreaterThan(0);
  await after.log.close();
  expect(await uploadedIds(stateUrl)).toEqual(['a', 'b', 'c']);
  expect(readdirSync(dir, { recursive: true }).filter((file) => /parquet|jsonl/.test(String(file)))).toEqual([]);
});

test('two processes of one folder bring each file once', async () => {
  const one = openLog();
  const { dir, stateUrl } = one;
  const two = openLog({ dir, stateUrl });
  await Promise.all([append(one.log, 'a', 'b', 'c'), append(two.log, 'd', 'e', 'f')]);
  await Promise.all([one.log.close(), two.log.close()]);
  const rest = openLog({ dir, stateUrl });
  await expect.poll(() => filesIn(dir), { timeout: 60_000 }).toEqual([]);
  await rest.log.close();
  expect(await uploadedIds(stateUrl)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('beyond its space the disk loses the oldest files, which is counted and said', async () => {
  const { log, counts, warnings } = openLog({ maxDiskBytes: 1, stateUrl: 's3://no-such-bucket/state' });
  await append(log, 'a');
  await expect.poll(() => counts.dropped ?? 0, { timeout: 60_000 }).toBeGreaterThan(0);
  await log.close();
  expect(warnings.join('\n')).toContain('to stay below 1');
});
