import type { Tree, TreeEnsemble } from '@repo/training/prediction-model';
import { scoreRaw } from '@repo/training/score';
import { withTrees } from '../altered.ts';
import { placeOf } from '../altered-table.ts';
import type { Defect } from '../defect.ts';
import { redefined } from '../sabotage-model.ts';
import type { SabotageWorld } from '../sabotage-world.ts';
import { stepTree } from '../step-tree.ts';
import type { Trained } from '../trained.ts';

/** A tree that adds to the log-odds of one category, and `others` to those of the rest. */
function onCategory(from: Trained, feature: string, category: string, added: number, others = 0): Tree {
  const place = placeOf(from, feature);
  const categories = from.contract.features[place]?.categories ?? [];
  if (!categories.includes(category)) throw new RangeError(`category: received ${category}; allowed: ${categories}`);
  const cuts = categories.slice(1).map((_, code) => code + 0.5);
  return stepTree(
    place,
    cuts,
    categories.map((name) => (name === category ? added : others)),
  );
}

const plus =
  (...more: Tree[]) =>
  (model: TreeEnsemble): TreeEnsemble => ({ ...model, trees: [...model.trees, ...more] });

/** All log-odds higher by as much: a model that is worse everywhere alike. */
const shifted =
  (by: number) =>
  (model: TreeEnsemble): TreeEnsemble => ({ ...model, base: Math.fround(model.base + by) });

/** Log-odds drawn towards their mean over the test rows: a timid model. */
const drawnIn =
  (from: Trained, factor: number) =>
  (model: TreeEnsemble): TreeEnsemble => {
    const { columns, rows } = from.tables.test.matrix;
    const mean = scoreRaw(model, columns, rows).reduce((sum, x) => sum + x, 0) / rows;
    const trees = model.trees.map((tree) => ({
      ...tree,
      leafValue: tree.leafValue.map((x) => Math.fround(factor * x)),
    }));
    return { ...model, base: Math.fround(factor * model.base + (1 - factor) * mean), trees };
  };

const weakChampion = (world: SabotageWorld) => withTrees(world, 'weak-champion', world.champion, shifted(0.3));

async function biased(world: SabotageWorld, name: string): Promise<Trained> {
  const tree = onCategory(world.honest, 'travellers', 'north', 0.12, -0.12);
  return withTrees(world, name, world.honest, plus(tree));
}

/** What the trainer may have grown: the bundle is whole and in agreement, and the answers are bad. */
export const treeDefects: readonly Defect[] = [
  {
    name: 'a declared slice worse under a better average',
    made: 'one carrier, 4 % of the rows, is answered too low; the champion is worse on the whole',
    red: ['slices'],
    unsure: { small: [], full: ['calibration', 'overfit-and-leakage'] },
    evidence: async (world) => {
      const tree = onCategory(world.honest, 'carrier', 'WN', -1);
      return world.evidence(await withTrees(world, 'slice', world.honest, plus(tree)), await weakChampion(world));
    },
  },
  {
    name: 'a slice that nobody declared worse under a better average',
    made: 'departures before seven are answered too high; the champion is worse on the whole',
    red: ['slices'],
    unsure: { small: [], full: ['overfit-and-leakage'] },
    evidence: async (world) => {
      const tree = stepTree(placeOf(world.honest, 'departure_hour'), [6.5], [1, 0]);
      return world.evidence(
        await withTrees(world, 'hidden-slice', world.honest, plus(tree)),
        await weakChampion(world),
      );
    },
  },
  {
    name: 'a biased group',
    made: 'one group of a protected feature, which means nothing, is answered higher, the other lower',
    red: ['fairness'],
    evidence: async (world) => world.evidence(await biased(world, 'biased')),
  },
  {
    name: 'an expired waiver',
    made: 'the biased candidate comes with a waiver that ended on the day before',
    red: ['fairness'],
    evidence: async (world) => {
      const waiver = { gate: 'fairness', reason: 'to be mended', approver: 'lead', expires: '2013-11-30' } as const;
      const candidate = await biased(world, 'waived');
      const gates = { ...candidate.model.gates, waivers: [waiver] };
      return world.evidence({ ...candidate, model: redefined(candidate.model, { gates }) });
    },
  },
  {
    name: 'miscalibrated',
    made: 'all log-odds are drawn towards their mean, those of the champion too',
    red: ['calibration'],
    unsure: { small: [], full: ['slices'] },
    evidence: async (world) => {
      const factor = world.size === 'full' ? 0.66 : 0.73;
      const timid = (from: Trained, name: string) => withTrees(world, name, from, drawnIn(from, factor));
      // The champion is no excuse, and an honest one would be better by more than the margin.
      return world.evidence(await timid(world.honest, 'timid'), await timid(world.champion, 'timid-champion'));
    },
  },
  {
    name: 'noise-sensitive',
    made: 'answers hold at the wind speeds that are measured, whole knots, and are high a little below each',
    red: ['robustness'],
    evidence: async (world) => {
      const place = placeOf(world.honest, 'wind_speed_mph');
      const speeds = [...new Set(world.honest.tables.test.matrix.columns[place])].filter((x) => !Number.isNaN(x));
      const cuts = speeds.sort((a, b) => a - b).flatMap((speed) => [speed - 0.5, speed - 0.001]);
      const tree = stepTree(place, cuts, [0, ...speeds.flatMap(() => [1, 0])]);
      return world.evidence(await withTrees(world, 'noise-sensitive', world.honest, plus(tree)));
    },
  },
];
