import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { type JointRows, jointDrift, jointDriftFinding } from './domain-classifier.ts';

/** Rows of 10 days of two features that are normal each by themselves; `together` is their correlation. */
function drawRows(seed: number, together: number, rows = 800): JointRows {
  const random = createRandom(seed);
  const [first, second] = [new Float32Array(rows), new Float32Array(rows)];
  for (let row = 0; row < rows; row++) {
    const [x, y] = [random.normal(), random.normal()];
    first[row] = x;
    second[row] = together * x + Math.sqrt(1 - together * together) * y;
  }
  const days = Int32Array.from({ length: rows }, (_, row) => Math.floor((10 * row) / rows));
  return { matrix: { featureNames: ['first', 'second'], categorical: [false, false], columns: [first, second] }, days };
}

test('rows of one population are not told apart', async () => {
  const drift = await jointDrift(drawRows(1, 0), drawRows(2, 0));
  expect(drift?.interval[0]).toBeLessThan(0.5);
  expect(jointDriftFinding(drift)).toMatchObject({ outcome: 'ok', name: 'jointDrift' });
});

test('features that each look as before, but no longer go together, are found', async () => {
  const drift = await jointDrift(drawRows(1, 0), drawRows(2, 0.75));
  expect(drift?.interval[0]).toBeGreaterThan(0.6);
  expect(jointDriftFinding(drift)).toMatchObject({ outcome: 'warn' });
});

test('a far shift pages and names its feature', async () => {
  const current = drawRows(2, 0);
  const [first, second] = current.matrix.columns as [Float32Array, Float32Array];
  const moved = { ...current, matrix: { ...current.matrix, columns: [first, second.map((y) => y + 3)] } };
  const finding = jointDriftFinding(await jointDrift(drawRows(1, 0), moved, { mostRows: 300 }));
  expect(finding).toMatchObject({ outcome: 'page' });
  expect(finding.reason).toContain('most of all by second (');
});

test('four days cannot be held out: no verdict', async () => {
  const few = { ...drawRows(1, 0), days: Int32Array.from({ length: 800 }, (_, row) => row % 4) };
  expect(await jointDrift(few, drawRows(2, 0))).toBeNull();
  expect(jointDriftFinding(null)).toMatchObject({ outcome: 'no-verdict' });
});
