import { column, requestView } from '@repo/contract/view';
import { nextFloat32 } from '@repo/training/boundary-rows';
import { exportModel } from '@repo/training/export-model';
import { fitLinearModel } from '@repo/training/linear-model';
import type { Tree } from '@repo/training/prediction-model';
import { withModel, withTrees } from '../altered.ts';
import { placeOf } from '../altered-table.ts';
import type { Defect } from '../defect.ts';
import { flightViews, knownTooEarly, redefined, travellers } from '../sabotage-model.ts';
import type { SabotageWorld } from '../sabotage-world.ts';
import { stepTree } from '../step-tree.ts';
import type { Trained } from '../trained.ts';

/** Trains with a column that is known only after the fact, which its source says is known beforehand. */
function leaky(world: SabotageWorld, name: string, leak: string): Promise<Trained> {
  const events = knownTooEarly(leak);
  const features = { own_delay: column(leak) };
  const view = requestView({
    name: 'own-delay',
    version: 1,
    about: 'What the flight itself did',
    source: events,
    features,
  });
  const model = redefined(world.honest.model, { events, features: [...flightViews, travellers, view] });
  const sql = (rows: string) =>
    `SELECT own.*, CAST(${leak} AS FLOAT) AS own_delay FROM ${rows} own JOIN flights ON flight_id = row_id`;
  return world.train(name, model, (_, rows) => sql(rows));
}

/** A tree that knows the labels of one training row in `oneIn` by the age of the plane, which tells moments apart, and adds nothing to others. */
function memory({ contract, tables: { train } }: Trained, oneIn: number, added: number): Tree {
  const place = placeOf({ contract }, 'plane_age');
  const ages = train.matrix.columns[place] as Float32Array;
  const sums = new Map<number, number>();
  ages.forEach((age, row) => {
    if (Number.isNaN(age) || row % oneIn !== 0) return;
    sums.set(age, (sums.get(age) ?? 0) + (train.matrix.labels[row] === 1 ? 1 : -1));
  });
  const cuts: number[] = [];
  const values: number[] = [];
  for (const [age, sum] of [...sums].sort(([a], [b]) => a - b)) {
    const below = nextFloat32(age, -1);
    if (below !== cuts.at(-1)) {
      cuts.push(below);
      values.push(0);
    }
    cuts.push(age);
    values.push(Math.sign(sum) * added);
  }
  return stepTree(place, cuts, [...values, 0]);
}

/** What goes wrong where a model is trained. */
export const trainingDefects: readonly Defect[] = [
  {
    name: 'a leaky feature',
    made: 'the departure delay is a feature: its source says that it is known beforehand',
    // A feature that says so much says it to a linear model too, which many rows show.
    red: { small: ['absolute-floor'], full: ['absolute-floor', 'simple-baseline'] },
    unsure: { small: ['simple-baseline', 'slices'], full: ['slices', 'calibration'] },
    evidence: async (world) => world.evidence(await leaky(world, 'leaky', 'dep_delay')),
  },
  {
    name: 'the label as a feature',
    made: 'the arrival delay, up to 15 minutes wrong, is a feature',
    // A feature that ranks like that alone makes the whole model too good to be true, and a linear model as good.
    red: {
      small: ['absolute-floor', 'overfit-and-leakage'],
      full: ['absolute-floor', 'simple-baseline', 'overfit-and-leakage'],
    },
    unsure: ['slices'],
    evidence: async (world) => world.evidence(await leaky(world, 'label', 'guess')),
  },
  {
    name: 'shifted labels',
    made: 'for some months every training row has the label of the next: from May on, of all flights until March',
    // In the small world half of the labels say nothing, so that the answers are too close to the mean.
    red: { small: ['champion', 'calibration'], full: ['champion'] },
    unsure: {
      small: ['simple-baseline', 'slices'],
      full: ['absolute-floor', 'simple-baseline', 'slices', 'calibration', 'overfit-and-leakage'],
    },
    evidence: async (world) => {
      const next = `coalesce(lead(label) OVER (ORDER BY "time", row_id), label)`;
      // For longer, and slices turn red too: a model that learned from so many rows is then worse everywhere by more than a slice may be.
      const months =
        world.size === 'full' ? `< epoch_us(TIMESTAMP '2013-04-01')` : `>= epoch_us(TIMESTAMP '2013-05-01')`;
      const shifted = await world.train('shifted', world.honest.model, (split, rows) =>
        split === 'test'
          ? `SELECT * FROM ${rows}`
          : `SELECT * REPLACE (CASE WHEN "time" ${months} THEN ${next} ELSE label END AS label) FROM ${rows}`,
      );
      return world.evidence({ ...shifted, tables: await world.fewer() });
    },
  },
  {
    name: 'worse than the champion',
    made: 'two views are taken out: the last departure of the plane and the arrivals at the destination',
    red: ['champion'],
    unsure: {
      small: ['simple-baseline', 'slices'],
      full: ['absolute-floor', 'simple-baseline', 'slices', 'overfit-and-leakage', 'reference-drift'],
    },
    evidence: async (world) => {
      const out = ['plane-last-departure', 'destination-arrivals'];
      const features = world.honest.model.features.filter(({ spec }) => !out.includes(spec.name));
      return world.evidence(await world.train('worse', redefined(world.honest.model, { features })));
    },
  },
  {
    name: 'a skewed transform',
    made: 'the program that trains rounds the mean delay at the airport to whole minutes',
    red: ['serving-skew'],
    unsure: { small: [], full: ['overfit-and-leakage'] },
    evidence: async (world) => {
      const rounded = 'CAST(round(origin_departure_delay_mean) AS FLOAT) AS origin_departure_delay_mean';
      const skewed = await world.train(
        'skewed',
        world.honest.model,
        (_, rows) => `SELECT * REPLACE (${rounded}) FROM ${rows}`,
      );
      return world.evidence({ ...skewed, tables: await world.fewer() });
    },
  },
  {
    name: 'over-fit',
    made: 'one more tree knows some training rows by heart; the definition lets the file grow',
    // It is sure of what it knows by heart and of nothing else: the answers to other rows are unlike those of training.
    red: ['overfit-and-leakage', 'reference-drift'],
    unsure: { small: [], full: ['calibration'] },
    evidence: async (world) => {
      const { honest, size } = world;
      const base = size === 'full' ? await world.train('few', honest.model) : honest;
      const tree = memory(base, 2, 2);
      const limits = { ...base.model.gates.limits, modelGrowth: { at: 1000, reason: 'It knows much.' } };
      const model = redefined(base.model, { gates: { ...base.model.gates, limits } });
      const made = await withTrees(world, 'over-fit', base, (trees) => ({ ...trees, trees: [...trees.trees, tree] }));
      return world.evidence({ ...made, model });
    },
  },
  {
    name: 'no better than a simple model',
    made: 'a linear model comes as the first one, without a champion and without a floor',
    red: ['simple-baseline'],
    unsure: { small: [], full: ['overfit-and-leakage'] },
    evidence: async (world) => {
      const { honest } = world;
      const linear = fitLinearModel(honest.tables.train.matrix, { objective: 'binary' });
      const onnx = exportModel(linear, { metadata: { model: honest.model.name } });
      const made = await withModel(world, 'linear', honest, onnx, null);
      const model = redefined(honest.model, { gates: { ...honest.model.gates, floor: {} } });
      return world.evidence({ ...made, model }, null);
    },
  },
];
