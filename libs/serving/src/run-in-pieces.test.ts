import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Executor } from './executor.ts';
import { columnSumModel, denseModel } from './fixtures/plain-models.ts';
import { fate, inMs, job, startScheduler } from './fixtures/scheduled-jobs.ts';
import { createInlineExecutor } from './inline-executor.ts';
import { runInPieces } from './run-in-pieces.ts';

/** A model on this thread, and the rows of each run of it. */
async function openInline(model: Uint8Array): Promise<{ executor: Executor; rows: number[] }> {
  const inline = await createInlineExecutor('example', model);
  onTestFinished(() => inline.release());
  const rows: number[] = [];
  const run: Executor['run'] = (inputs, outputs) => {
    rows.push(inputs[0]?.shape[0] ?? 0);
    return inline.run(inputs, outputs);
  };
  return { executor: { ...inline, run }, rows };
}
const values = Array.from({ length: 10 }, (_, i) => i + 1);

test('many rows run in pieces and are answered as if in one run', async () => {
  const { executor, rows } = await openInline(denseModel([1, 3]));
  const whole = await executor.run(job(values).inputs, ['y']);
  const apart = await runInPieces(executor, job(values), 4, () => true);
  expect(rows).toEqual([10, 4, 4, 2]);
  expect(apart?.outputs).toEqual(whole.outputs);
});

test('what does not come apart in rows is one run', async () => {
  const { executor, rows } = await openInline(columnSumModel());
  const result = await runInPieces(executor, job(values), 4, () => true);
  expect(Array.from(result?.outputs[0]?.data as Float32Array)).toEqual([55]);
  expect(rows).toEqual([4, 10]);
  const [x] = job(values).inputs;
  const uneven = { inputs: [...job([1]).inputs, ...job(values).inputs], outputs: ['y'] };
  const asked: unknown[] = [];
  const run: Executor['run'] = async (inputs) => {
    asked.push(inputs);
    return { outputs: [], seconds: 0 };
  };
  await runInPieces({ ...executor, run }, uneven, 4, () => true);
  expect(asked).toEqual([[expect.anything(), x]]);
});

test('on the event loop a long job lets everything else have its turn, and stops when nobody waits for it', async () => {
  const { executor, rows } = await openInline(denseModel([1, 3]));
  const { scheduler } = startScheduler({ executor });
  const caller = { aborted: false };
  const answer = fate(scheduler.run(job(Array(100).fill(1), { signal: caller, deadlineMs: inMs(60_000) })));
  while (rows.length < 3) await turn();
  caller.aborted = true;
  expect(await answer).toBe('CallerLeft');
  const next = await fate(scheduler.run(job([1])));
  expect(next).toHaveLength(3);
  expect(rows.length).toBeLessThan(10);
  expect(rows.slice(0, 3)).toEqual([4, 4, 4]);
});
