// budget: 400 s
// needs: git
import { detect, drawDays, type Replay, replayDays } from '@repo/monitoring/fixtures/replay';
import { windowOfRows } from '@repo/monitoring/table-windows';
import { createRandom } from '@repo/stats/random';
import { afterAll, beforeAll, expect, test } from 'vitest';
import model from '../../models/flight-delay/model.ts';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { type TrainingDays, trainingDays } from './drift/training-days.ts';

/** `npm run e2e -- drift --cases 60` replays so many model-months, drawn by days and by weeks. */
const months = Number(process.env.CASES ?? 12);
const draws = 10;
const shift = 0.25;

const workspace = createCopiedWorkspace();
afterAll(workspace.remove);
let world: TrainingDays;
const evidence = () => ({
  profile: world.train.profile,
  law: world.law,
  importances: null,
  budget: { falsePages: 1, windows: 30 },
});

beforeAll(async () => {
  await workspace.succeed('causeway', 'features', model.name);
  world = await trainingDays(workspace.root, model.name, '1');
}, 120_000);

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
  const replay = replayDays(evidence(), drawDays(world.days.train, 30 * months, block, createRandom(block)));
  print(title, replay);
  expect(replay.pages / replay.months).toBeLessThanOrEqual(1);
});

test('January to August as they came, and the autumn after them, page at most once a model-month', () => {
  const { train, validate, test: autumn } = world.days;
  const spring = replayDays(evidence(), train);
  print('January to August in order', spring);
  // The last four weeks of training are the second reference of the first of September.
  const later = replayDays(evidence(), [...train.slice(-28), ...validate, ...autumn]);
  print('August to November in order', later);
  expect(spring.pages / spring.months).toBeLessThanOrEqual(1);
  expect(later.pages / later.months).toBeLessThanOrEqual(1);
});

/** Standard deviation of the values that are there. */
function deviationOf(column: Float32Array): number {
  const known = column.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
}

/** Rows of days drawn from the training table, 1,000 for each of three windows. */
function drawWindows(dayRows: readonly number[][], random: ReturnType<typeof createRandom>): number[][] {
  return [0, 1, 2].map(() => {
    const rows: number[] = [];
    while (rows.length < 1000) rows.push(...(dayRows[random.integer(dayRows.length)] as number[]));
    return rows.slice(0, 1000);
  });
}

test('a shift of a quarter of a standard deviation is found within 3 windows of 1,000 rows, unless days differ by more', () => {
  const { train, law } = world;
  const dayRows = [
    ...Map.groupBy(train.table.timesUs.keys(), (row) =>
      Math.floor((train.table.timesUs[row] as number) / 86_400e6),
    ).values(),
  ];
  const random = createRandom(9);
  const table = train.contract.features.flatMap(({ name, categories }, place) => {
    const column = train.table.matrix.columns[place] as Float32Array;
    const design = law.features[name]?.values.designEffect ?? 1;
    if (categories !== null) return [];
    const by = shift * deviationOf(column);
    const columns = train.table.matrix.columns.with(
      place,
      column.map((value) => value + by),
    );
    const shifted = { ...train, table: { ...train.table, matrix: { ...train.table.matrix, columns } } };
    const seen = Array.from({ length: draws }, () =>
      detect(
        evidence(),
        drawWindows(dayRows, random).map((rows) => windowOfRows(shifted, rows)),
        name,
      ),
    );
    const count = (of: 'found' | 'paged') => seen.filter((one) => one[of] !== null).length;
    const windows = seen.flatMap(({ found }) => found ?? []);
    const mean = windows.length === 0 ? '' : (windows.reduce((sum, n) => sum + n, 0) / windows.length).toFixed(1);
    return [{ name, design, found: count('found'), paged: count('paged'), windows: mean }];
  });
  for (const { name, design, found, paged, windows } of table)
    console.log(
      `${name.padEnd(36)} design effect ${design.toFixed(1).padStart(6)}  found ${found}/${draws}  paged ${paged}/${draws}  windows ${windows}`,
    );
  const steady = table.filter(({ design }) => design < 9);
  console.log(`${table.filter(({ found }) => found === draws).length} of ${table.length} numbers are always found`);
  expect(steady.length).toBeGreaterThan(5);
  for (const { name, found } of steady) expect(found, name).toBe(draws);
});
