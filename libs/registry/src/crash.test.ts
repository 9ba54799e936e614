import { execFile } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256 } from '@repo/contract/canonical-json';
import { expect, test } from 'vitest';
import { createSampleBundle } from './fixtures/sample-bundle.ts';
import { spawnEnvironment } from './fixtures/spawn-environment.ts';
import { createFolder } from './fixtures/temporary-folder.ts';
import { createRegistry } from './registry.ts';

const model = 'flight-delay';
const script = join(import.meta.dirname, 'fixtures', 'killed-writer.ts');
const run = promisify(execFile);

interface Ended {
  readonly signal: string | null;
  readonly stdout: string;
}

/** Runs the writer on a state; killed at a call, or not at all for call 0. */
async function write(work: 'register' | 'attach', state: string, path: string, call = 0): Promise<Ended> {
  const when = call % 2 === 0 ? 'before' : 'after';
  try {
    const args = [script, work, `file:${state}`, path, String(call), when];
    const { stdout } = await run(process.execPath, args, { env: spawnEnvironment });
    return { signal: null, stdout };
  } catch (error) {
    return error as Ended;
  }
}

async function expectWholeBlobs(state: string): Promise<void> {
  const folder = join(state, 'registry', 'blobs');
  for (const name of await readdir(folder)) expect(sha256(await readFile(join(folder, name)))).toBe(name);
}

test('a register killed at any step leaves the old versions whole, and repeating it ends well', {
  timeout: 60_000,
}, async () => {
  const seed = createFolder();
  const first = await createSampleBundle(model, 1);
  const second = await createSampleBundle(model, 2);
  await createRegistry(`file:${seed}`, '/').register(model, first.dir);

  // The second bundle shares five blobs with the first: what is left are metrics.json, the manifest and the version.
  const dry = createFolder();
  await cp(seed, dry, { recursive: true });
  const calls = Number((await write('register', dry, second.dir)).stdout);
  expect(calls).toBeGreaterThan(10);

  const seen = new Set<number>();
  const round = async (call: number) => {
    const state = createFolder();
    await cp(seed, state, { recursive: true });
    expect((await write('register', state, second.dir, call)).signal).toBe('SIGKILL');
    await expectWholeBlobs(state);
    const registry = createRegistry(`file:${state}`, '/');
    const versions = await registry.listVersions(model);
    seen.add(versions.length);
    expect(versions[0]?.digest).toBe(first.digest);
    for (const { version } of versions) expect((await registry.openBundle(model, version)).version).toBe(version);
    const again = await registry.register(model, second.dir);
    expect(again).toEqual({ model, version: 2, digest: second.digest, created: versions.length === 1 });
    expect((await registry.openBundle(model, 2)).digest).toBe(second.digest);
  };
  for (let call = 1; call <= calls; call += 2) {
    await Promise.all([call, call + 1].filter((c) => c <= calls).map(round));
  }
  expect([...seen].sort(), 'some kills came before the version existed, some after').toEqual([1, 2]);
});

test('an attachment killed at any step is there whole or not at all, and repeating it ends well', {
  timeout: 60_000,
}, async () => {
  const seed = createFolder();
  const bundle = await createSampleBundle(model, 1);
  const created = createRegistry(`file:${seed}`, '/');
  await created.register(model, bundle.dir);
  await created.attachEvidence(model, 1, 'card.md', Buffer.from(`first card of ${bundle.digest}`));
  const path = join(createFolder(), 'card.md');
  await writeFile(path, `second card of ${bundle.digest}`);

  const dry = createFolder();
  await cp(seed, dry, { recursive: true });
  const calls = Number((await write('attach', dry, path)).stdout);
  expect(calls).toBeGreaterThan(5);
  const seen = new Set<number>();
  for (let call = 1; call <= calls; call++) {
    const state = createFolder();
    await cp(seed, state, { recursive: true });
    expect((await write('attach', state, path, call)).signal).toBe('SIGKILL');
    await expectWholeBlobs(state);
    const registry = createRegistry(`file:${state}`, '/');
    const held = await registry.evidence(model, 1, 'card.md');
    seen.add(held?.revision as number);
    expect(String(held?.content)).toBe(`${held?.revision === 1 ? 'first' : 'second'} card of ${bundle.digest}`);
    await registry.attachEvidence(model, 1, 'card.md', await readFile(path));
    expect((await registry.evidence(model, 1, 'card.md'))?.revision).toBe(2);
  }
  expect([...seen].sort(), 'some kills came before the second card was to be seen, some after').toEqual([1, 2]);
});
