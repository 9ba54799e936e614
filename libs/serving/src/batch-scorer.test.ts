import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBundle } from '@repo/registry/read-bundle';
import { expect, onTestFinished, test } from 'vitest';
import { openBatchScorer } from './batch-scorer.ts';
import {
  type ExampleOptions,
  exampleContract,
  exampleGolden,
  exampleWeights,
  writeExampleBundle,
} from './fixtures/example-bundle.ts';

async function bundleOf(options: ExampleOptions = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'causeway-batch-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  await writeExampleBundle(dir, 'example', options);
  return { ...(await readBundle(dir)), version: 1 };
}

/** What the example answers to a row, worked out here. */
const expected = (row: readonly number[]): number =>
  1 / (1 + Math.exp(-row.reduce((sum, value, i) => sum + (exampleWeights[i] ?? 0) * value, 0)));

test('more runs than threads wait for one, and each gets the answers to its own rows', async () => {
  const scorer = await openBatchScorer(await bundleOf(), { threads: 2 });
  onTestFinished(() => scorer.close());
  const runs = Array.from({ length: 7 }, (_, run) =>
    Array.from({ length: run + 1 }, (_, row) => [run, row, 1, 0.5, -1]),
  );
  const answers = await Promise.all(runs.map((rows) => scorer.score(Float32Array.from(rows.flat()))));
  for (const [i, rows] of runs.entries())
    expect([...(answers[i] ?? [])].map((answer) => answer.toFixed(5))).toEqual(
      rows.map((row) => expected(row).toFixed(5)),
    );
});

test('a run that fails leaves its thread to the next', async () => {
  const scorer = await openBatchScorer(await bundleOf(), { threads: 1 });
  onTestFinished(() => scorer.close());
  const [failed, answered] = await Promise.allSettled([
    scorer.score(new Float32Array(4)),
    scorer.score(new Float32Array(5)),
  ]);
  expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'inference_failed' } });
  expect(answered).toMatchObject({ status: 'fulfilled', value: Float32Array.of(0.5) });
});

test('a model that does not give the golden answers is not opened', async () => {
  const golden = exampleGolden(exampleContract('example'));
  const other = { ...golden, outputs: golden.outputs.map((output) => 1 - output) };
  await expect(openBatchScorer(await bundleOf({ golden: other }), { threads: 1 })).rejects.toThrow(/golden.json/);
});
