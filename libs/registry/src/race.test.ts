import { expect, test } from 'vitest';
import { createSampleBundle } from './fixtures/sample-bundle.ts';
import { spawnEnvironment } from './fixtures/spawn-environment.ts';
import { type RaceOutcome, startProgram } from './fixtures/start-program.ts';
import { createFolder } from './fixtures/temporary-folder.ts';
import { createRegistry } from './registry.ts';

const model = 'flight-delay';

const start = (script: string, ...args: string[]) => startProgram(script, args, { env: spawnEnvironment });

test('4 processes that register the same bundle at once get the same version', { timeout: 60_000 }, async () => {
  const url = `file:${createFolder()}`;
  const bundle = await createSampleBundle(model, 1);
  const racers = Array.from({ length: 4 }, () => start('racer.ts', url, bundle.dir));
  await Promise.all(racers.map((run) => run.ready));
  for (const { child } of racers) child.stdin?.write('go\n');
  const outcomes = (await Promise.all(racers.map((run) => run.result))).map((line) => JSON.parse(line) as RaceOutcome);
  expect(outcomes.map((o) => o.version)).toEqual(Array(4).fill(1));
  expect(outcomes.filter((o) => o.created)).toHaveLength(1);
});

test('50 processes register at once and move champion at once, a reader beside them: nothing is lost, doubled or half there', {
  timeout: 60_000,
}, async () => {
  const count = 50;
  const url = `file:${createFolder()}`;
  const bundles = await Promise.all(Array.from({ length: count }, (_, seed) => createSampleBundle(model, seed)));
  const reader = start('reader.ts', url);
  const racers = bundles.map((bundle) => start('racer.ts', url, bundle.dir));
  await Promise.all([reader, ...racers].map((run) => run.ready));
  for (const { child } of racers) child.stdin?.write('go\n');
  const outcomes = (await Promise.all(racers.map((run) => run.result))).map((line) => JSON.parse(line) as RaceOutcome);
  reader.child.stdin?.end();
  const { reads } = JSON.parse(await reader.result) as { reads: number };

  const registry = createRegistry(url, '/');
  const contiguous = Array.from({ length: count }, (_, i) => i + 1);
  expect(outcomes.map((o) => o.version).sort((a, b) => a - b)).toEqual(contiguous);
  expect(outcomes.every((o) => o.created)).toBe(true);
  expect(new Set(outcomes.map((o) => o.digest)).size).toBe(count);
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
  expect(
    outcomes.some((o) => o.conflicts > 1),
    'they did get in each other’s way',
  ).toBe(true);
  expect(reads).toBeGreaterThan(1);
});
