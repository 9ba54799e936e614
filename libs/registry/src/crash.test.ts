import { execFile } from 'node:child_process';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256 } from '@repo/contract/canonical-json';
import { expect, test } from 'vitest';
import { createSampleBundle } from './fixtures/sample-bundle.ts';
import { spawnEnvironment } from './fixtures/spawn-environment.ts';
import { createFolder } from './fixtures/temporary-folder.ts';
import { createRegistry } from './registry.ts';

const model = 'flight-delay';
const script = join(import.meta.dirname, 'fixtures', 'killed-register.ts');
const run = promisify(execFile);

interface Ended {
  readonly signal: string | null;
  readonly stdout: string;
}

async function register(url: string, dir: string, call: number, when: 'before' | 'after'): Promise<Ended> {
  try {
    const { stdout } = await run(process.execPath, [script, url, dir, String(call), when], {
      env: spawnEnvironment,
    });
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
  const calls = Number((await register(`file:${dry}`, second.dir, 0, 'before')).stdout);
  expect(calls).toBeGreaterThan(10);

  const seen = new Set<number>();
  const round = async (call: number) => {
    const state = createFolder();
    await cp(seed, state, { recursive: true });
    const when = call % 2 === 0 ? 'before' : 'after';
    expect((await register(`file:${state}`, second.dir, call, when)).signal).toBe('SIGKILL');
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
