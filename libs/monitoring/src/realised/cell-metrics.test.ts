import { auc } from '@repo/stats/auc';
import { prAuc } from '@repo/stats/pr-auc';
import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { cellMetric } from './cell-metrics.ts';
import type { Cells } from './cells.ts';

/** Rows as cells of one class of score and one day each, in order of the classes; within a class as `byDay` has them. */
function cellsOf(rows: readonly { bin: number; label: number }[], byDay: (day: number) => number): Cells {
  const days = rows.map((_, day) => day);
  const order = days.sort((a, b) => (rows[a]?.bin ?? 0) - (rows[b]?.bin ?? 0) || byDay(a) - byDay(b));
  const column = (of: (row: { bin: number; label: number }) => number) =>
    Float64Array.from(order, (i) => of(rows[i] as { bin: number; label: number }));
  const zero = column(() => 0);
  return {
    ...{ day: Int32Array.from(order), bin: Int32Array.from(column(({ bin }) => bin)), rows: column(() => 1) },
    ...{ positives: column(({ label }) => label), scores: column(({ bin }) => bin / 16), losses: zero, squares: zero },
    ...{ labels: zero, labelSquares: zero },
  };
}

test('answers of one class of score tie, whichever day they are of', () => {
  const random = createRandom(3);
  const rows = Array.from({ length: 400 }, () => {
    const bin = random.integer(16);
    return { bin, label: Number(random.next() < bin / 16) };
  });
  const [labels, scores] = [rows.map(({ label }) => label), rows.map(({ bin }) => bin)];
  for (const byDay of [(day: number) => day, (day: number) => -day]) {
    const cells = cellsOf(rows, byDay);
    expect(cellMetric('auc', cells)).toBeCloseTo(auc(labels, scores), 12);
    expect(cellMetric('prAuc', cells)).toBeCloseTo(prAuc(labels, scores), 12);
  }
  // Of 100 rows or more, which are whole classes: a class that is cut in two would depend on the order of its days.
  const errors = [(day: number) => day, (day: number) => rows[day]?.label ?? 0].map((byDay) =>
    cellMetric('ece', cellsOf(rows, byDay)),
  );
  expect(errors[1]).toBeCloseTo(errors[0] as number, 12);
});
