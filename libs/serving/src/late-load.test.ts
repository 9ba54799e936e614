import { expect, onTestFinished, test } from 'vitest';
import { createExampleLoader } from './fixtures/example-loader.ts';
import { createReleaseFolder, releaseInGit } from './fixtures/example-releases.ts';
import { freezeTime } from './fixtures/frozen-time.ts';
import { holdLoads } from './fixtures/held-loads.ts';

const loadTimeoutMs = 60_000;

/** A loader over an empty folder, and the threads that it starts. */
async function prepare() {
  const { dir, remove } = await createReleaseFolder();
  const loads = holdLoads();
  const example = await createExampleLoader(dir, { loadTimeoutMs });
  onTestFinished(async () => {
    loads.release();
    await example.release();
    loads.forget();
    await remove();
  });
  return { dir, loads, ...example };
}

const late = { kind: 'failed', reason: expect.stringContaining('LOAD_TIMEOUT_MS') };

test('a version that never finishes loading keeps the one before, is told once, and its thread ends by itself when it can', async () => {
  const { dir, loads, table, loader, events } = await prepare();
  await releaseInGit(dir, 'example', 1);
  await loader.start();
  await releaseInGit(dir, 'example', 2);
  const threads = loads.exits.length;
  const held = loads.hold('example');
  {
    using time = freezeTime();
    const refreshed = loader.refresh();
    await held;
    time.advance(loadTimeoutMs);
    await refreshed;
  }
  await loader.refresh();
  expect(table.entries()).toMatchObject([{ version: '1', state: 'ready', isDefault: true }]);
  expect(events.filter(({ kind }) => kind !== 'opened')).toMatchObject([{ ...late, version: '2', serves: '1' }]);
  expect(loads.exits).toHaveLength(threads);
  loads.release();
  await expect.poll(() => loads.exits.length, { timeout: 20_000 }).toBeGreaterThan(threads);
  expect(loads.exits.every((code) => code === 0)).toBe(true);
});

test('at a start it keeps no other model from serving, and is tried again once its thread is free', async () => {
  const { dir, loads, table, loader } = await prepare();
  await releaseInGit(dir, 'hangs', 1);
  await releaseInGit(dir, 'sound', 1);
  const held = loads.hold('hangs');
  {
    using time = freezeTime();
    const started = loader.start();
    await held;
    time.advance(loadTimeoutMs);
    await started;
  }
  expect(table.entry('hangs')).toMatchObject({ state: 'failed', failure: 'late', version: '1' });
  expect(table.find('sound').version).toBe('1');
  loads.release();
  const served = async () => {
    await loader.refresh();
    return table.entry('hangs').state;
  };
  await expect.poll(served, { timeout: 20_000 }).toBe('ready');
});

test('whoever leaves while a version is being loaded gives it up at its next step, and says of no failure', async () => {
  const { dir, loads, loader, events } = await prepare();
  await releaseInGit(dir, 'example', 1);
  const held = loads.hold('example');
  const started = loader.start();
  await held;
  const closed = loader.close();
  await started;
  loads.release();
  await closed;
  expect(events).toEqual([]);
  expect(loads.exits).toEqual([0]);
});
