import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { TestSpecification, Vitest } from 'vitest/node';
import { LongestFirst, longest } from './longest-first.ts';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const sequencer = new LongestFirst({
  config: { root },
  cache: { getTestSpecificationResult: () => undefined },
} as unknown as Vitest);
const file = (path: string, name: string) =>
  ({
    moduleId: `${root}/${path}`,
    project: { name, config: { isolate: true, sequence: { groupOrder: 0 } } },
  }) as unknown as TestSpecification;

test('long files come first whatever their project, then project after project', async () => {
  const last = [file('libs/contract/src/parse.test.ts', 'a'), file('libs/stats/src/psi.test.ts', 'b')];
  const first = [file('test/sabotage/sabotage.test.ts', 'z'), file('apps/pipeline/src/gate.test.ts', 'y')];
  const given = [last[1], first[1], last[0], first[0]] as TestSpecification[];
  expect(await sequencer.sort(given)).toEqual([...first, ...last]);
});

test.each(longest)('%s still names tests', (path) => {
  expect(globSync(`${path}**`, { cwd: root, exclude: ['**/node_modules'] }).length).toBeGreaterThan(0);
});
