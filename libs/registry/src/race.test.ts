import { expect, test } from 'vitest';
import { createSampleBundle } from './fixtures/sample-bundle.ts';
import { spawnEnvironment } from './fixtures/spawn-environment.ts';
import { type Program, type RaceOutcome, startProgram } from './fixtures/start-program.ts';
import { createFolder } from './fixtures/temporary-folder.ts';
import { createRegistry } from './registry.ts';

const model = 'flight-delay';

const start = (script: string, ...args: string[]) => startProgram(script, args, { env: spawnEnvironment });

/** Lets processes that wait begin together; answers what their racers did. */
async function race(racers: readonly Program[]): Promise<RaceOutcome[]> {
  for (const { child } of racers) child.stdin?.write('go\n');
  return (await Promise.all(racers.map((run) => run.result))).flatMap((line) => JSON.parse(line) as RaceOutcome[]);
}

test('4 processes that register the same bundle at once get the same version', { timeout: 60_000 }, async () => {
  const url = `file:${createFolder()}`;
  const bundle = await createSampleBundle(model, 1);
  const racers = Array.from({ length: 4 }, () => start('racer.ts', url, bundle.dir));
  await Promise.all(racers.map((run) => run.ready));
  const outcomes = await race(racers);
  expect(outcomes.map((o) => o.version)).toEqual(Array(4).fill(1));
  expect(outcomes.filter((o) => o.created)).toHaveLength(1);
});

test('10 processes register 50 bundles at once and move champion at once, a reader beside them: nothing is lost, doubled or half there', {
  timeout: 60_000,
}, async () => {
  const count = 50;
  const url = `file:${createFolder()}`;
  const bundles = await Promise.all(Array.from({ length: count }, (_, seed) => createSampleBundle(model, seed)));
  const reader = start('reader.ts', url);
  // Starting a process takes longer than its race: each has five racers, which know nothing of each other either.
  const racers = Array.from({ length: 10 }, (_, i) =>
    start('racer.ts', url, ...bundles.filter((_bundle, at) => at % 10 === i).map(({ dir }) => dir)),
  );
  await Promise.all([reader, ...racers].map((run) => run.ready));
  const outcomes = await race(racers);
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
