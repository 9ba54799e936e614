// budget: 420 s
// needs: go, git
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFiles } from '@repo/contract/manifest';
import { type RaceOutcome, startProgram } from '@repo/registry/fixtures/start-program';
import { createRegistry } from '@repo/registry/registry';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { createS3Server } from './s3-server.ts';
import { serveWorkspace } from './served-workspace.ts';
import { createUnreliableWay, type Fate } from './unreliable-way.ts';

const model = 'flight-delay';
const server = await createS3Server();
const scratch = mkdtempSync(join(tmpdir(), 's3-workspaces-'));
afterAll(async () => {
  await server.remove();
  rmSync(scratch, { recursive: true });
});
beforeEach(() => {
  Object.assign(process.env, server.environment);
});

const newFolder = (): string => mkdtempSync(join(scratch, 'folder-'));
let prefixes = 0;
/** A place in the bucket that no other test uses. */
const newState = (): string => {
  prefixes++;
  return `s3://bucket/tests/${prefixes}`;
};
const inBucket = (state: string, ...path: string[]): string =>
  join(server.folder, state.slice('s3://'.length), 'registry', ...path);

async function createBundle(seed: number) {
  const dir = newFolder();
  for (const name of bundleFiles) {
    writeFileSync(join(dir, name), name === 'metrics.json' ? JSON.stringify({ seed }) : `content of ${name}`);
  }
  return writeBundleManifest(dir, model);
}

/** Uses a registry through a server elsewhere. The endpoint is read when the registry is made. */
function createRegistryAt(endpoint: string, state: string, workspace: string) {
  process.env.AWS_ENDPOINT_URL = endpoint;
  const registry = createRegistry(state, workspace);
  process.env.AWS_ENDPOINT_URL = server.environment.AWS_ENDPOINT_URL;
  return registry;
}

test('versions, aliases and bundles are kept in the bucket under the prefix, and seen by another machine', async () => {
  const state = newState();
  const [one, two] = [await createBundle(1), await createBundle(2)];
  const registry = createRegistry(state, newFolder());
  expect(await registry.listModels()).toEqual([]);
  expect(await registry.listVersions(model)).toEqual([]);
  expect(await registry.getAlias(model, 'champion')).toBeNull();
  expect(await registry.register(model, one.dir)).toEqual({ model, version: 1, digest: one.digest, created: true });
  expect(await registry.register(model, two.dir)).toMatchObject({ version: 2, created: true });
  expect(await registry.register(model, one.dir)).toMatchObject({ version: 1, created: false });
  await registry.setAlias(model, 'champion', 1, null);
  await registry.setAlias(model, 'champion', 2, 1);
  await expect(registry.setAlias(model, 'champion', 1, 1)).rejects.toThrow(/expected version 1; the current one is 2/);
  const elsewhere = createRegistry(state, newFolder());
  expect(await elsewhere.listModels()).toEqual([model]);
  expect((await elsewhere.listVersions(model)).map(({ digest }) => digest)).toEqual([one.digest, two.digest]);
  expect([await elsewhere.getAlias(model, 'champion'), await elsewhere.getAlias(model, 'previous')]).toEqual([2, 1]);
  const opened = await elsewhere.openBundle(model, 'champion');
  expect({ ...opened, dir: '' }).toEqual({ ...two, dir: '', version: 2 });
  expect(readdirSync(inBucket(state)).sort()).toEqual(['blobs', 'models']);
});

test('evidence is kept with its revisions, seen by another machine, and attached by 8 at once without a gap', async () => {
  const state = newState();
  const registry = createRegistry(state, newFolder());
  const { digest } = await registry.register(model, (await createBundle(1)).dir);
  const cards = Array.from({ length: 8 }, (_, i) => Buffer.from(`card ${i} of ${digest}`));
  const attached = await Promise.all(cards.map((card) => registry.attachEvidence(model, 1, 'card.md', card)));
  expect(attached.map(({ revision }) => revision).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const newest = attached.findIndex(({ revision }) => revision === 8);
  const held = await createRegistry(state, newFolder()).evidence(model, 1, 'card.md');
  expect({ revision: held?.revision, card: Buffer.from(held?.content ?? []).toString() }).toEqual({
    revision: 8,
    card: String(cards[newest]),
  });
});

test('an alias that was moved 1,500 times is found behind two pages of its history', async () => {
  const state = newState();
  const registry = createRegistry(state, newFolder());
  await registry.register(model, (await createBundle(1)).dir);
  await registry.register(model, (await createBundle(2)).dir);
  const folder = inBucket(state, 'models', model, 'aliases', 'champion');
  mkdirSync(folder, { recursive: true });
  for (let i = 1; i <= 1500; i++) {
    const revision = { schemaVersion: 1, version: 1 + (i % 2), previous: i === 1 ? null : 2 - (i % 2) };
    writeFileSync(join(folder, `${i}.json`), JSON.stringify(revision));
  }
  expect([await registry.getAlias(model, 'champion'), await registry.getAlias(model, 'previous')]).toEqual([1, 2]);
  await registry.setAlias(model, 'champion', 2, 1);
  expect(existsSync(join(folder, '1501.json'))).toBe(true);
  expect(await registry.getAlias(model, 'champion')).toBe(2);
});

/** Starts one of the programs with which the registry's own tests race. */
const start = (script: string, ...args: string[]) => startProgram(script, args, { cwd: newFolder() });

test('20 processes register at once and move champion at once, a reader beside them: nothing is lost, doubled or half there', async () => {
  const count = 20;
  const state = newState();
  const bundles = await Promise.all(Array.from({ length: count }, (_, seed) => createBundle(seed)));
  const reader = start('reader.ts', state);
  const racers = bundles.map((bundle) => start('racer.ts', state, bundle.dir));
  await Promise.all([reader, ...racers].map((run) => run.ready));
  for (const { child } of racers) child.stdin?.write('go\n');
  const lines = await Promise.all(racers.map((run) => run.result));
  const outcomes = lines.flatMap((line) => JSON.parse(line) as RaceOutcome[]);
  reader.child.stdin?.end();
  const { reads } = JSON.parse(await reader.result) as { reads: number };
  console.log(`${outcomes.reduce((sum, o) => sum + o.conflicts, 0)} conflicts, ${reads} reads meanwhile`);

  const registry = createRegistry(state, newFolder());
  const contiguous = Array.from({ length: count }, (_, i) => i + 1);
  expect(outcomes.map((o) => o.version).sort((a, b) => a - b)).toEqual(contiguous);
  expect(outcomes.every((o) => o.created)).toBe(true);
  expect((await registry.listVersions(model)).map((v) => v.version)).toEqual(contiguous);
  for (const { version, digest } of outcomes) {
    expect(await registry.getVersion(model, version)).toEqual({ model, version, digest });
  }
  const winners = new Map(outcomes.map((o) => [o.expected, o.version]));
  expect(winners.size, 'each expected value has one winner').toBe(count);
  const history: number[] = [];
  for (let next = winners.get(null); next !== undefined; next = winners.get(next)) history.push(next);
  expect(history, 'the wins form one chain from nothing').toHaveLength(count);
  expect(await registry.getAlias(model, 'champion')).toBe(history.at(-1));
  expect(await registry.getAlias(model, 'previous')).toBe(history.at(-2));
  expect(outcomes.some((o) => o.conflicts > 1)).toBe(true);
  expect(reads).toBeGreaterThan(1);
});

test('a register cut off after any request leaves the old version whole and nothing half there; repeating it ends well', async () => {
  const [first, second] = [await createBundle(1), await createBundle(2)];
  const prepare = async () => {
    const state = newState();
    await createRegistry(state, newFolder()).register(model, first.dir);
    return state;
  };
  const dry = await createUnreliableWay(server.port, () => 'answered');
  await createRegistryAt(dry.url, await prepare(), newFolder()).register(model, second.dir);
  const requests = dry.count();
  dry.close();
  expect(requests).toBeGreaterThan(8);

  const seen = new Set<number>();
  for (let last = 1; last <= requests; last++) {
    for (const fate of ['lost', 'answer lost'] as const) {
      const state = await prepare();
      const way = await createUnreliableWay(server.port, (count) =>
        count < last ? 'answered' : count === last ? fate : 'lost',
      );
      const cut = createRegistryAt(way.url, state, newFolder()).register(model, second.dir);
      await expect(cut).rejects.toThrow(/^CAUSEWAY_STATE: /);
      way.close();
      const registry = createRegistry(state, newFolder());
      const versions = await registry.listVersions(model);
      seen.add(versions.length);
      expect(versions[0]?.digest).toBe(first.digest);
      for (const { version } of versions) expect((await registry.openBundle(model, version)).version).toBe(version);
      const again = await registry.register(model, second.dir);
      expect(again).toEqual({ model, version: 2, digest: second.digest, created: versions.length === 1 });
      expect((await registry.openBundle(model, 2)).digest).toBe(second.digest);
    }
  }
  expect([...seen].sort(), 'some cuts came before the version existed, some after').toEqual([1, 2]);
});

test('one answer lost on the way, whichever it is, changes nothing about what a call answers', async () => {
  const [first, second] = [await createBundle(1), await createBundle(2)];
  const work = async (endpoint: string) => {
    const registry = createRegistryAt(endpoint, newState(), newFolder());
    const created = [await registry.register(model, first.dir), await registry.register(model, second.dir)];
    await registry.setAlias(model, 'champion', 1, null);
    await registry.setAlias(model, 'champion', 2, 1);
    return {
      created,
      previous: await registry.getAlias(model, 'previous'),
      open: (await registry.openBundle(model, 'champion')).digest,
    };
  };
  const dry = await createUnreliableWay(server.port, () => 'answered');
  const expected = await work(dry.url);
  const requests = dry.count();
  dry.close();
  for (let hit = 1; hit <= requests; hit++) {
    const way = await createUnreliableWay(server.port, (count): Fate => (count === hit ? 'answer lost' : 'answered'));
    expect(await work(way.url), `answer ${hit} of ${requests}`).toEqual(expected);
    way.close();
  }
});

test('while the server is away, a version opened before opens from its copy after a restart, verified; what must be asked is refused', async () => {
  const [state, workspace] = [newState(), newFolder()];
  const first = createRegistry(state, workspace);
  const bundle = await createBundle(1);
  await first.register(model, bundle.dir);
  await first.register(model, (await createBundle(2)).dir);
  await first.setAlias(model, 'champion', 1, null);
  await first.openBundle(model, 'champion');
  await server.kill();
  try {
    const restarted = createRegistry(state, workspace);
    const opened = await restarted.openBundle(model, 1);
    expect(opened).toMatchObject({ version: 1, digest: bundle.digest });
    for (const ask of [
      () => restarted.openBundle(model, 2),
      () => restarted.openBundle(model, 'champion'),
      () => restarted.getAlias(model, 'champion'),
      () => restarted.listModels(),
      () => restarted.register(model, bundle.dir),
    ]) {
      await expect(ask()).rejects.toThrow(
        /^CAUSEWAY_STATE: received s3:.*ECONNREFUSED.*bring the network or the server back/,
      );
    }
    writeFileSync(join(opened.dir, 'model.onnx'), 'changed');
    await expect(restarted.openBundle(model, 1)).rejects.toThrow(/model.onnx: received sha256/);
  } finally {
    await server.start();
  }
  expect(await createRegistry(state, workspace).getAlias(model, 'champion')).toBe(1);
});

test('the service serves a champion that only the registry knows, and after a restart with the server away still does', async () => {
  const workspace = createCopiedWorkspace();
  const state = newState();
  try {
    const folder = join(workspace.root, 'models', model);
    const { version } = JSON.parse(workspace.read(`models/${model}/champion.json`)) as { version: number };
    const registry = createRegistry(state, newFolder());
    await registry.importVersion(model, version, join(folder, 'release', String(version)));
    await registry.setAlias(model, 'champion', version, null);
    for (const committed of ['champion.json', 'release']) rmSync(join(folder, committed), { recursive: true });
    const ask = async () => {
      const service = await serveWorkspace(workspace.root, { ...server.environment, CAUSEWAY_STATE: state });
      try {
        const { status, body } = await service.get(`/v2/models/${model}/ready`);
        return { status, body };
      } finally {
        expect(await service.stop()).toBe(0);
      }
    };
    expect(await ask()).toMatchObject({ status: 200 });
    await server.kill();
    try {
      expect(await ask()).toMatchObject({ status: 200 });
    } finally {
      await server.start();
    }
  } finally {
    workspace.remove();
  }
});

test('no bucket, wrong keys and no keys are refused as input, the secret kept back', async () => {
  const list = (state: string) => createRegistry(state, newFolder()).listModels();
  await expect(list('s3://no-such-bucket/a')).rejects.toThrow(/^CAUSEWAY_STATE: .*create the bucket no-such-bucket/);
  process.env.AWS_SECRET_ACCESS_KEY = 'another-secret';
  const refused = await list(newState()).catch((error: Error) => error.message);
  expect(refused).toMatch(/^CAUSEWAY_STATE: .*set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/);
  expect(refused).not.toContain('another-secret');
  delete process.env.AWS_ACCESS_KEY_ID;
  await expect(list(newState())).rejects.toThrow(/^CAUSEWAY_STATE: .*CredentialsProviderError.*set AWS_ACCESS_KEY_ID/);
});
