// budget: 400 s
// needs: git
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JointRows, jointDrift, jointDriftFinding } from '@repo/monitoring/domain-classifier';
import { type DriftBasis, driftBasisSchema } from '@repo/monitoring/drift-basis';
import { detect, drawDays, type Judge, type Replay, replayDays } from '@repo/monitoring/fixtures/replay';
import { windowOfRows } from '@repo/monitoring/table-windows';
import { versionDrift } from '@repo/monitoring/version-drift';
import { evaluateInput } from '@repo/pipeline/evaluate-input';
import { createRandom } from '@repo/stats/random';
import type { FeatureTable } from '@repo/training/feature-table';
import { afterAll, beforeAll, expect, test } from 'vitest';
import model from '../../models/flight-delay/model.ts';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { type TrainingDays, trainingDays } from './drift/training-days.ts';

/** `npm run e2e -- drift --cases 60` replays so many model-months, drawn by days and by weeks. */
const months = Number(process.env.CASES ?? 12);
const draws = 10;
/** In standard deviations: the one that must be found, and larger ones, of which the first that is always found is told. */
const shifts = [0.25, 0.5, 0.75, 1, 1.5, 2, 3];
/** Days of features with a smaller design effect differ little more than their rows do by chance. */
const steadyEffect = 9;

const workspace = createCopiedWorkspace();
afterAll(workspace.remove);
let world: TrainingDays;
let basis: DriftBasis;

beforeAll(async () => {
  await workspace.succeed('causeway', 'features', model.name);
  world = await trainingDays(workspace.root, model.name, '1');
  // As the monitor reads it; `npm run e2e -- champion` makes it again.
  const path = join(workspace.root, 'models', model.name, 'release/1.evidence/drift.json');
  basis = driftBasisSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}, 120_000);

const drift: Judge = (windows) => versionDrift({ profile: world.train.profile, basis, windows });
/** All that the monitor says from windows: anomalies and the state of the data too, which need days in their order. */
const input: Judge = (windows) =>
  evaluateInput({
    ...{ model, windows, basis },
    profiles: new Map([['1', world.train.profile]]),
    endUs: windows.at(-1)?.toUs ?? 0,
  });

function print(title: string, { months, pages, warnings, byMeasure }: Replay): void {
  const measures = Object.entries(byMeasure).map(([name, days]) => `${name} (${days})`);
  console.log(
    `${title}: ${pages} pages in ${months.toFixed(1)} model-months, ${(pages / months).toFixed(2)} a month; days with a warning ${warnings}; ${measures.join(', ') || 'no measure paged'}`,
  );
}

test.each([
  ['days of training, each drawn by itself', 1],
  ['weeks of training, each drawn as a whole', 7],
])('%s, page at most once a model-month', (title, block) => {
  const replay = replayDays(drift, drawDays(world.days.train, 30 * months, block, createRandom(block)));
  print(title, replay);
  expect(replay.pages / replay.months).toBeLessThanOrEqual(1);
});

test('January to August as they came, and the autumn after them, page at most once a model-month, anomalies and all', () => {
  const { train, validate, test: autumn } = world.days;
  const spring = replayDays(input, train);
  print('January to August in order', spring);
  // The last four weeks of training are the second reference of the first of September.
  const later = replayDays(input, [...train.slice(-28), ...validate, ...autumn]);
  print('August to November in order', later);
  expect(spring.pages / spring.months).toBeLessThanOrEqual(1);
  expect(later.pages / later.months).toBeLessThanOrEqual(1);
});

/** Rows of some days of all tables, as the classifier takes them. */
function jointRows(tables: readonly FeatureTable[], fromDay: number, toDay: number): JointRows {
  const dayOf = (timeUs: number) => Math.floor(timeUs / 86_400e6);
  const chosen = tables.map(({ timesUs }) =>
    [...timesUs.keys()].filter((row) => {
      const day = dayOf(timesUs[row] as number);
      return day >= fromDay && day < toDay;
    }),
  );
  const { featureNames, categorical, columns } = (tables[0] as FeatureTable).matrix;
  const pick = (of: (table: FeatureTable) => ArrayLike<number>): number[] =>
    tables.flatMap((table, i) => (chosen[i] as number[]).map((row) => of(table)[row] as number));
  return {
    matrix: {
      ...{ featureNames, categorical },
      columns: columns.map((_, place) =>
        Float32Array.from(pick(({ matrix }) => matrix.columns[place] as Float32Array)),
      ),
    },
    days: pick(({ timesUs }) => timesUs).map(dayOf),
  };
}

test('weeks of January to November, told apart from the two before them by a classifier, page at most once a model-month', async () => {
  const tables = [world.train.table, ...world.later];
  const [first, end] = [tables[0]?.timesUs[0] as number, (tables.at(-1) as FeatureTable).timesUs.at(-1) as number];
  const lower: number[] = [];
  let pages = 0;
  for (let day = Math.ceil(first / 86_400e6) + 21; day <= end / 86_400e6; day += 7) {
    const drift = await jointDrift(jointRows(tables, day - 21, day - 7), jointRows(tables, day - 7, day));
    lower.push(drift?.interval[0] ?? Number.NaN);
    if (jointDriftFinding(drift).outcome === 'page') pages++;
  }
  const sorted = lower.toSorted((a, b) => a - b);
  const of = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] as number).toFixed(3);
  console.log(
    `${lower.length} weeks: lower end of the AUC ${of(0.5)} in the middle one, ${of(0.9)} in one of ten, ${of(1)} at most; ${pages} pages`,
  );
  expect(lower.length).toBeGreaterThan(40);
  expect(pages / (lower.length / 4.3)).toBeLessThanOrEqual(1);
});

/** Standard deviation of the values that are there. */
function deviationOf(column: Float32Array): number {
  const known = column.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
}

type Rows = readonly number[];

/** Rows of days drawn from the training table, 1,000 for each of three windows. */
function drawWindows(dayRows: readonly Rows[], random: ReturnType<typeof createRandom>): Rows[] {
  return [0, 1, 2].map(() => {
    const rows: number[] = [];
    while (rows.length < 1000) rows.push(...(dayRows[random.integer(dayRows.length)] as Rows));
    return rows.slice(0, 1000);
  });
}

/** In how many draws a feature that is moved by so many standard deviations is found, and paged for. */
function seenShift(place: number, by: number, drawn: readonly Rows[][]): { found: number; paged: number } {
  const { train } = world;
  const column = train.table.matrix.columns[place] as Float32Array;
  const distance = by * deviationOf(column);
  const columns = train.table.matrix.columns.with(
    place,
    column.map((value) => value + distance),
  );
  const shifted = { ...train, table: { ...train.table, matrix: { ...train.table.matrix, columns } } };
  const name = train.contract.features[place]?.name ?? '';
  const seen = drawn.map((windows) =>
    detect(
      drift,
      windows.map((rows) => windowOfRows(shifted, rows)),
      name,
    ),
  );
  const count = (of: 'found' | 'paged') => seen.filter((one) => one[of] !== null).length;
  return { found: count('found'), paged: count('paged') };
}

test('a shift of a quarter of a standard deviation is found within 3 windows of 1,000 rows, unless days differ by more', () => {
  const { train } = world;
  const dayRows = [
    ...Map.groupBy(train.table.timesUs.keys(), (row) =>
      Math.floor((train.table.timesUs[row] as number) / 86_400e6),
    ).values(),
  ];
  const random = createRandom(9);
  const drawn = Array.from({ length: draws }, () => drawWindows(dayRows, random));
  const table = train.contract.features.flatMap(({ name, categories }, place) => {
    if (categories !== null) return [];
    const effect = basis.law.features[name]?.values.designEffect ?? 1;
    const quarter = seenShift(place, shifts[0] as number, drawn);
    const smallest = shifts.find((by) => seenShift(place, by, drawn).found === draws) ?? null;
    return [{ name, effect, importance: basis.importances?.[name] ?? 0, ...quarter, smallest }];
  });
  console.log(
    'found, paged: of a quarter of a standard deviation, in 3 windows; always: the smallest that every draw finds',
  );
  for (const { name, effect, importance, found, paged, smallest } of table)
    console.log(
      `${name.padEnd(36)} importance ${importance.toFixed(3)}  design effect ${effect.toFixed(1).padStart(6)}  found ${found}/${draws}  paged ${paged}/${draws}  always ${smallest ?? `not by ${shifts.at(-1)}`}`,
    );
  const always = table.filter(({ found }) => found === draws);
  const shareOf = (rows: typeof table): number => rows.reduce((sum, { importance }) => sum + importance, 0);
  const share = shareOf(always) / shareOf(table);
  console.log(
    `${always.length} of ${table.length} numbers are always found, which hold ${(100 * share).toFixed(0)} % of the importance of all`,
  );
  const steady = table.filter(({ effect }) => effect < steadyEffect);
  expect(steady.length).toBeGreaterThan(5);
  for (const { name, found } of steady) expect(found, name).toBe(draws);
  expect(always.length).toBeGreaterThanOrEqual(11);
  expect(share).toBeGreaterThan(0.6);
});
