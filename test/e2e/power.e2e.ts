// budget: 1200 s
// needs: git
import { join } from 'node:path';
import { openDatabase } from '@repo/datasets/database';
import { daysOf } from '@repo/gates/by-day';
import { expectedPower } from '@repo/gates/fixtures/expected-power';
import { lossKindNames, plantLoss } from '@repo/gates/fixtures/planted-loss';
import { type JudgedRows, type Power, powerOf } from '@repo/gates/fixtures/power-of';
import { readBundle } from '@repo/registry/read-bundle';
import { readFeatureTables } from '@repo/training/read-feature-tables';
import { afterAll, beforeAll, expect, test } from 'vitest';
import model from '../../models/flight-delay/model.ts';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { type Retrained, retrained } from './power/retrained.ts';

/** `npm run e2e -- power --cases 20` trains that often; each takes half a minute. */
const retrains = Number(process.env.CASES ?? 4);
const seeds = 200;
const setsPerPair = 10;
const margin = model.gates.margin ?? 0.005;
const policy = { task: 'binary', metric: 'logLoss', margin } as const;

const workspace = createCopiedWorkspace();
afterAll(workspace.remove);
const again: Retrained[] = [];
let rows: JudgedRows;

beforeAll(async () => {
  await workspace.succeed('causeway', 'train', model.name);
  const stage = join(workspace.root, '.causeway/stages', model.name);
  const { digest, contents } = await readBundle(join(stage, 'train/bundle'));
  const database = await openDatabase();
  try {
    const { contract, tables } = await readFeatureTables(database, join(stage, 'features'));
    for (let seed = 2; seed < 2 + retrains; seed++)
      again.push(await retrained({ model, contract, tables, digest, contents }, seed));
    const [{ champion }] = again as [Retrained];
    rows = { labels: tables.test.matrix.labels, answers: champion.answers, days: daysOf(tables.test) };
  } finally {
    database.close();
  }
});

/** Prints a table with columns of equal width; numbers stand to the right. */
function print(table: readonly (readonly (string | number)[])[]): void {
  const widths = (table[0] ?? []).map((_, i) => Math.max(...table.map((row) => String(row[i]).length)));
  const cell = (value: string | number, i: number) =>
    typeof value === 'number' ? String(value).padStart(widths[i] ?? 0) : value.padEnd(widths[i] ?? 0);
  console.log(table.map((row) => row.map(cell).join('  ').trimEnd()).join('\n'));
}

const passed = ({ count }: Power) => count.pass + count.warn;
const inMargins = (value: number) => Number((value / margin).toFixed(3));

test('a loss of twice the margin, noise of each row, fails on 95 % of 200 test sets, and no loss of that size passes on more than 5 %', () => {
  const found = lossKindNames.flatMap((kind) =>
    [1, 2].map((margins) => {
      const { worsen } = plantLoss(kind, rows.labels, rows.answers, margins * margin);
      return { kind, margins, ...powerOf(rows, (answers, random) => worsen(answers, random), policy, seeds) };
    }),
  );
  const expected = (loss: number, standardError: number) =>
    Number((seeds * expectedPower(loss * margin, margin, standardError)).toFixed(0));
  print([
    ['planted loss', 'margins', 'fail', 'cannot tell', 'pass', 'standard error in margins', 'fail if normal'],
    ...found.map((power) => [
      power.kind,
      power.margins,
      power.count.fail,
      power.count.inconclusive,
      passed(power),
      inMargins(power.standardError),
      expected(power.margins, power.standardError),
    ]),
  ]);
  const twice = found.filter(({ margins }) => margins === 2);
  for (const power of twice) expect(passed(power), power.kind).toBeLessThanOrEqual(0.05 * seeds);
  expect(twice.find(({ kind }) => kind === 'noise in the log-odds')?.count.fail).toBeGreaterThanOrEqual(0.95 * seeds);
});

test('of retrains with another seed the gates that compare with the champion fail at most 5 %', () => {
  const numbers = ({ gain }: Retrained) => [gain.estimate, gain.lower, gain.upper].map(inMargins);
  print([
    ['seed', 'champion', 'slices', 'gain in margins', 'lower', 'upper'],
    ...again.map((one) => [one.seed, one.outcomes.champion ?? '', one.outcomes.slices ?? '', ...numbers(one)]),
  ]);
  const failed = again.filter(({ outcomes }) => Object.values(outcomes).includes('fail'));
  console.log(`${failed.length} of ${again.length} retrains failed`);
  expect(failed.length).toBeLessThanOrEqual(0.05 * again.length);
});

test('of all pairs of these models, each on 10 test sets, at most 5 % fail', () => {
  const models = [rows.answers, ...again.map(({ answers }) => answers)];
  const pairs = models.flatMap((champion, i) => models.filter((_, j) => i !== j).map((other) => ({ champion, other })));
  const judged = pairs.map(({ champion, other }) =>
    powerOf({ ...rows, answers: champion }, (_answers, _random, take) => take(other), policy, setsPerPair),
  );
  const total = (outcome: keyof Power['count']) => judged.reduce((sum, { count }) => sum + count[outcome], 0);
  const all = judged.length * setsPerPair;
  const widest = inMargins(Math.max(...judged.map(({ standardError }) => standardError)));
  console.log(
    `${total('fail')} of ${all} comparisons failed, ${total('inconclusive')} could not tell; largest standard error ${widest} margins`,
  );
  expect(total('fail')).toBeLessThanOrEqual(0.05 * all);
});
