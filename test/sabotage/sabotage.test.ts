import { gateNames } from '@repo/contract/gate-name';
import { openEvidence } from '@repo/gates/open-evidence';
import { runGates } from '@repo/gates/run-gates';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataDefects } from './defects/data-defects.ts';
import { fileDefects } from './defects/file-defects.ts';
import { honest } from './defects/honest.ts';
import { promiseDefects } from './defects/promise-defects.ts';
import { trainingDefects } from './defects/training-defects.ts';
import { treeDefects } from './defects/tree-defects.ts';
import { sabotagePage } from './sabotage-page.ts';
import { createSabotageWorld, type SabotageWorld } from './sabotage-world.ts';
import { silent } from './trained.ts';

const defects = [...honest, ...dataDefects, ...trainingDefects, ...treeDefects, ...fileDefects, ...promiseDefects];
let world: SabotageWorld;

beforeAll(async () => {
  world = await createSabotageWorld('small');
}, 120_000);
afterAll(() => world.remove());

test.each(defects)(
  '$name: exactly the gates fail that it is made for',
  async ({ evidence, red, unsure }) => {
    const opened = await openEvidence(await evidence(world));
    try {
      const { gates } = await runGates(opened.evidence, { nightly: true, progress: silent });
      const those = (outcome: string) => gates.filter((one) => one.outcome === outcome).map(({ gate }) => gate);
      expect({ red: those('fail'), unsure: those('inconclusive') }).toEqual({ red, unsure: unsure?.small ?? [] });
    } finally {
      await opened.release();
    }
  },
  120_000,
);

test('every gate is red for some defect', () => {
  const red = new Set(defects.flatMap((defect) => defect.red));
  expect(gateNames.filter((name) => !red.has(name))).toEqual([]);
});

test('docs/sabotage.md shows the matrix', async () => {
  await expect(sabotagePage(defects)).toMatchFileSnapshot('../../docs/sabotage.md');
});
