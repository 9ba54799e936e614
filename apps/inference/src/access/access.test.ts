import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceError } from '@repo/contract/service-error';
import { createLogger } from '@repo/telemetry/logger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Authorize, createAuthorize } from './authorize.ts';
import { type ApiKey, readKeyFile } from './key-file.ts';
import { openKeyRing } from './key-ring.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const alice = { id: 'alice', sha256: sha256('key-of-alice'), models: ['flight-delay'] } satisfies ApiKey;
const bob = { id: 'bob', sha256: sha256('key-of-bob'), models: ['*'], requestsPerMinute: 3 } satisfies ApiKey;
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'causeway-keys-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function refusal(authorize: Authorize, headers: Record<string, string>, model: string | null) {
  try {
    await authorize(headers, model);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('it was let pass');
}

test('a key opens the models of its scope and nothing else', async () => {
  const authorize = createAuthorize([alice, bob]);
  expect(await authorize(bearer('key-of-alice'), 'flight-delay')).toBe('alice');
  expect(await authorize(bearer('key-of-alice'), null), 'what concerns no model').toBe('alice');
  expect(await authorize(bearer('key-of-bob'), 'anything')).toBe('bob');
  expect((await refusal(authorize, bearer('key-of-alice'), 'other')).code).toBe('forbidden');
});

test.each([
  ['no header', {}],
  ['another scheme', { authorization: 'Basic a2V5LW9mLWFsaWNl' }],
  ['an unknown key', bearer('key-of-eve')],
  ['the digest instead of the key', bearer(alice.sha256)],
  ['a key and more', bearer('key-of-alice more')],
])('%s is refused with 401', async (_what, headers) => {
  const error = await refusal(createAuthorize([alice]), headers as Record<string, string>, 'flight-delay');
  expect([error.code, error.status]).toEqual(['unauthenticated', 401]);
  expect(error.message).not.toContain('key-of');
});

test('a quota lets so many requests of a minute pass, of this key alone', async () => {
  const authorize = createAuthorize([alice, bob]);
  for (let i = 0; i < 3; i++) expect(await authorize(bearer('key-of-bob'), 'm')).toBe('bob');
  const error = await refusal(authorize, bearer('key-of-bob'), 'm');
  expect([error.code, error.status]).toEqual(['quota_exceeded', 429]);
  expect(error.retryAfterSeconds).toBeGreaterThan(0);
  expect(error.retryAfterSeconds).toBeLessThanOrEqual(60);
  expect(await authorize(bearer('key-of-alice'), 'flight-delay')).toBe('alice');
});

async function fileOf(content: string): Promise<string> {
  const path = join(dir, `${sha256(content).slice(0, 8)}.json`);
  await writeFile(path, content);
  return path;
}
const text = (...keys: unknown[]) => JSON.stringify({ schemaVersion: 1, keys });

test.each([
  ['no JSON', 'keys'],
  ['no key', text()],
  ['a key in the clear', text({ id: 'a', key: 'key-of-alice', models: ['*'] })],
  ['a digest too short', text({ ...alice, sha256: 'abc' })],
  ['no model', text({ ...alice, models: [] })],
  ['a quota of 0', text({ ...bob, requestsPerMinute: 0 })],
  ['an id twice', text(alice, { ...bob, id: 'alice' })],
  ['a digest twice', text(alice, { ...bob, sha256: alice.sha256 })],
])('a file with %s is refused', async (_what, content) => {
  await expect(readKeyFile(await fileOf(content))).rejects.toThrow(/API_KEYS_FILE.*received.*allowed/s);
});

test('a scope may name plain models, which may be called otherwise than bundles', async () => {
  const plain = { ...alice, models: ['ResNet_50.v2', '__proto__'] };
  const authorize = createAuthorize(await readKeyFile(await fileOf(text(plain))));
  expect(await authorize(bearer('key-of-alice'), 'ResNet_50.v2')).toBe('alice');
  expect((await refusal(authorize, bearer('key-of-alice'), 'constructor')).code).toBe('forbidden');
});

test.each([
  ['in a field of its own', { ...alice, key: 'key-of-alice' }],
  ['where its digest belongs', { ...alice, sha256: 'key-of-alice' }],
  ['where its holder belongs', 'key-of-alice'],
])('a key in the clear, %s, is shown in no message', async (_where, key) => {
  const refused = await readKeyFile(await fileOf(text(key))).catch((error: Error) => error);
  expect(String(refused)).toMatch(/API_KEYS_FILE\.keys\[0\].*received.*allowed/);
  expect(String(refused)).not.toContain('key-of');
});

test('what is wrong with a scope or a quota is shown', async () => {
  const wrong = text({ ...bob, models: ['flight delay'], requestsPerMinute: 0.5 });
  await expect(readKeyFile(await fileOf(wrong))).rejects.toThrow(/received "flight delay".*\n.*received 0\.5/);
});

test('a file that is not there is refused', async () => {
  await expect(readKeyFile(join(dir, 'none.json'))).rejects.toThrow(/none\.json \(ENOENT\)/);
});

test('a ring follows its file, and keeps its keys when the file breaks', async () => {
  const path = join(dir, 'ring.json');
  await writeFile(path, text(alice));
  const ring = await openKeyRing(path, createLogger({ level: 'silent' }));
  await writeFile(path, text(bob));
  await ring.refresh();
  expect((await refusal(ring.authorize, bearer('key-of-alice'), null)).code, 'withdrawn').toBe('unauthenticated');
  expect(await ring.authorize(bearer('key-of-bob'), 'm')).toBe('bob');
  await writeFile(path, 'broken');
  await ring.refresh();
  expect(await ring.authorize(bearer('key-of-bob'), 'm')).toBe('bob');
  ring.close();
});
