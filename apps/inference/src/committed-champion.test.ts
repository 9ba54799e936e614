import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { championSchema } from '@repo/contract/manifest';
import { modelContractSchema } from '@repo/contract/model-contract';
import { classificationSchema } from '@repo/contract/protocol';
import { storedFeatures, viewKey } from '@repo/features/online-store';
import { openSqliteStore } from '@repo/features/sqlite-store';
import { freezeTime } from '@repo/serving/fixtures/frozen-time';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExampleService, startExample } from './fixtures/example-service.ts';

const modelsDir = join(import.meta.dirname, '..', '..', '..', 'models');
const modelDir = join(modelsDir, 'flight-delay');
const christmasUs = Date.UTC(2013, 11, 24, 16) * 1000;
let dir: string;
let service: ExampleService;

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

/** Weather at Newark on a day long ago, and nothing else. */
async function fillOnlineStore(path: string): Promise<void> {
  const { version } = championSchema.parse(await readJson(join(modelDir, 'champion.json')));
  const contract = modelContractSchema.parse(
    await readJson(join(modelDir, 'release', String(version), 'contract.json')),
  );
  const weather = contract.views.find(({ spec }) => spec.name === 'weather-at-origin');
  if (weather === undefined || weather.spec.kind === 'request') throw new TypeError('no view of the weather');
  const row = { eventUs: christmasUs, values: storedFeatures(weather.spec).map(() => 1) };
  const store = openSqliteStore(path);
  const now = Date.now() * 1000;
  await store.put([{ view: viewKey(weather), atUs: now, entities: [{ entity: ['EWR'], row }] }]);
  await store.close();
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'causeway-champion-'));
  await fillOnlineStore(join(dir, 'online.sqlite'));
  service = await startExample(dir, { MODELS_DIR: modelsDir, ONLINE_STORE: 'sqlite:online.sqlite' });
}, 60_000);
afterAll(async () => {
  await service.stop();
  await rm(dir, { recursive: true });
});

/** The clock stands still: how long a busy machine takes does not matter here. */
async function predict(flight: object) {
  using _ = freezeTime();
  const body = JSON.stringify({ carrier: 'UA', origin: 'EWR', dest: 'IAH', ...flight });
  const response = await fetch(`${service.url}/v2/models/flight-delay/predict`, { method: 'POST', body });
  return { status: response.status, answer: classificationSchema.parse(await response.json()) };
}
const today = new Date(Date.now() + 3 * 3600_000).toISOString();

test('a flight of today is answered by the champion, which says that the weather is stale and the rest missing', async () => {
  const { status, answer } = await predict({ scheduled_at: today });
  expect([status, answer.fallback_level]).toEqual([200, 'champion']);
  expect(answer.degraded_reasons).toContain('stale:temperature_f');
  expect(answer.degraded_reasons).toContain('missing:plane_age');
  expect(answer.degraded_reasons.filter((reason) => reason.startsWith('unknown'))).toEqual([]);
  expect(answer.outlier).toEqual({ score: expect.any(Number), p: expect.any(Number) });
});

test('a flight of today to an airport that nobody flew to in 2013 is answered, and says so', async () => {
  const { status, answer } = await predict({ scheduled_at: today, dest: 'XYZ' });
  expect([status, answer.fallback_level]).toEqual([200, 'champion']);
  expect(answer.degraded_reasons).toContain('unknown_category:dest');
  expect(answer.features.find(({ name }) => name === 'dest')).toEqual({
    name: 'dest',
    value: 'XYZ',
    status: 'missing',
  });
});
