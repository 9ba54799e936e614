import { gateNames } from '@repo/contract/gate-name';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allDefects } from './all-defects.ts';
import { expectedOf } from './defect.ts';
import { judgeDefect } from './judge-defect.ts';
import { sabotagePage } from './sabotage-page.ts';
import { createSabotageWorld, type SabotageWorld } from './sabotage-world.ts';

let world: SabotageWorld;

beforeAll(async () => {
  world = await createSabotageWorld('small');
}, 120_000);
afterAll(() => world.remove());

test.each(allDefects)(
  '$name: exactly the gates fail that it is made for',
  async (defect) => {
    expect(await judgeDefect(world, defect)).toEqual(expectedOf(defect, 'small'));
  },
  120_000,
);

test.each(['small', 'full'] as const)('every gate is red for some defect (%s)', (size) => {
  const red = new Set(allDefects.flatMap((defect) => expectedOf(defect, size).red));
  expect(gateNames.filter((name) => !red.has(name))).toEqual([]);
});

test('docs/sabotage.md shows the matrix', async () => {
  await expect(sabotagePage(allDefects)).toMatchFileSnapshot('../../docs/sabotage.md');
});
