import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CallerLeft } from './caller-left.ts';
import { freezeTime } from './fixtures/frozen-time.ts';
import { columnSumModel, lookupModel } from './fixtures/plain-models.ts';
import { errorOf, fate, inMs, job, rowsIn, startScheduler } from './fixtures/scheduled-jobs.ts';
import { createInlineExecutor } from './inline-executor.ts';
import type { Job } from './job.ts';

test('jobs that come in one turn share a run, and each gets its own rows', async () => {
  const { executor, scheduler } = startScheduler();
  const results = [job([1]), job([2, 3]), job([4])].map((each) => scheduler.run(each));
  await turn();
  expect(executor.started).toEqual([[1, 2, 3, 4]]);
  executor.finish();
  const answers = await Promise.all(results);
  expect(answers.map(rowsIn)).toEqual([[1], [2, 3], [4]]);
  expect(answers.map(({ outputs }) => outputs[0]?.shape)).toEqual([
    [1, 1],
    [2, 1],
    [1, 1],
  ]);
  expect(answers.map(({ times }) => times.batchRows)).toEqual([4, 4, 4]);
});

test('when a run ends, what waits goes at once, up to the batch size and in order', async () => {
  const { executor, scheduler } = startScheduler();
  const results = [scheduler.run(job([1]))];
  await turn();
  for (const value of [2, 3, 4, 5, 6, 7]) results.push(scheduler.run(job([value])));
  expect(scheduler.depth()).toBe(6);
  for (let run = 0; run < 3; run++) {
    executor.finish();
    await turn();
  }
  expect(executor.started).toEqual([[1], [2, 3, 4, 5], [6, 7]]);
  expect((await Promise.all(results)).flatMap(rowsIn)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('a full run goes to a busy thread ahead of its turn, one that may grow waits for a free one', async () => {
  const { executor, scheduler } = startScheduler({ maxBatchSize: 2 });
  executor.ahead = 1;
  const results = [scheduler.run(job([1]))];
  await turn();
  results.push(scheduler.run(job([2])));
  await turn();
  expect(executor.started, 'another may still join').toEqual([[1]]);
  for (const value of [3, 4, 5]) results.push(scheduler.run(job([value])));
  await turn();
  expect(executor.started, 'no more than one ahead').toEqual([[1], [2, 3]]);
  for (let run = 0; run < 3; run++) {
    executor.finish();
    await turn();
  }
  expect(executor.started).toEqual([[1], [2, 3], [4, 5]]);
  expect((await Promise.all(results)).flatMap(rowsIn)).toEqual([1, 2, 3, 4, 5]);
});

test('jobs that cannot share a run do not, and neither waits for ever', async () => {
  const { executor, scheduler } = startScheduler();
  const wide: Job = {
    ...job([]),
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(8, 9) }],
  };
  const results = [job([1]), wide, job([2]), job([3, 4, 5, 6, 7])].map((each) => fate(scheduler.run(each)));
  for (let run = 0; run < 3; run++) {
    await turn();
    executor.finish();
  }
  expect(await Promise.all(results)).toEqual([[1], [8, 9], [2], [3, 4, 5, 6, 7]]);
  expect(executor.started).toEqual([
    [1, 2],
    [8, 9],
    [3, 4, 5, 6, 7],
  ]);
});

test('with a batch size of 1 each job has a run of its own, one for each slot at a time', async () => {
  const { executor, scheduler } = startScheduler({ maxBatchSize: 1 }, 2);
  const results = [1, 2, 3].map((value) => scheduler.run(job([value])));
  await turn();
  expect(executor.started).toEqual([[1], [2]]);
  executor.finish();
  await turn();
  expect(executor.started).toEqual([[1], [2], [3]]);
  executor.finish();
  executor.finish();
  expect((await Promise.all(results)).flatMap(rowsIn)).toEqual([1, 2, 3]);
});

test('a job whose deadline passes while it waits is refused then, not when its turn comes, and never runs', async () => {
  const { executor, scheduler } = startScheduler();
  const first = scheduler.run(job([1]));
  await turn();
  const late = await errorOf(scheduler.run(job([2], { deadlineMs: inMs(5) })));
  expect(late).toMatchObject({
    code: 'deadline_exceeded',
    message: expect.stringMatching(/allowed: an answer within \d ms/),
  });
  expect(scheduler.depth()).toBe(0);
  executor.finish();
  await first;
  await turn();
  expect(executor.started).toEqual([[1]]);
});

test('a job whose deadline passes during its run is refused then, and the late answer is dropped', async () => {
  using time = freezeTime();
  const { executor, scheduler } = startScheduler();
  const late = fate(scheduler.run(job([1], { deadlineMs: inMs(5) })));
  await turn();
  time.advance(5);
  expect(await late).toBe('deadline_exceeded');
  expect(executor.started).toEqual([[1]]);
  executor.finish();
  const next = scheduler.run(job([2]));
  await turn();
  executor.finish();
  expect(await fate(next)).toEqual([2]);
  expect(scheduler.statistics()).toMatchObject({ success: { count: 1 }, fail: { count: 1 } });
});

test('an answer that comes after the deadline is refused even when the timer could not say so', async () => {
  const { executor, scheduler } = startScheduler();
  const late = scheduler.run(job([1], { deadlineMs: inMs(15) }));
  await turn();
  const until = inMs(20);
  while (performance.now() < until);
  executor.finish();
  expect(await fate(late)).toBe('deadline_exceeded');
});

test('deadlines are watched one by one, an earlier one that comes later included', async () => {
  const { scheduler } = startScheduler();
  const order: string[] = [];
  const note = (name: string, ms: number) =>
    scheduler.run(job([1], { deadlineMs: inMs(ms) })).catch(() => order.push(name));
  await Promise.all([note('long', 60), note('short', 10), note('middle', 30)]);
  expect(order).toEqual(['short', 'middle', 'long']);
});

test('a deadline that is over already is refused without a run', async () => {
  const { executor, scheduler } = startScheduler();
  expect(await fate(scheduler.run(job([1], { deadlineMs: inMs(-1) })))).toBe('deadline_exceeded');
  await turn();
  expect(executor.started).toEqual([]);
});

test('a job whose caller has left is dropped before its run and counts as left', async () => {
  const { executor, scheduler } = startScheduler();
  const caller = new AbortController();
  const results = [job([1], { signal: caller.signal }), job([2])].map((each) => fate(scheduler.run(each)));
  caller.abort();
  await turn();
  expect(executor.started).toEqual([[2]]);
  executor.finish();
  expect(await Promise.all(results)).toEqual([new CallerLeft().name, [2]]);
  expect(scheduler.statistics()).toMatchObject({ left: 1, success: { count: 1 }, fail: { count: 0 } });
});

test('one bad row among others fails alone', async () => {
  const executor = await createInlineExecutor('lookup', lookupModel());
  onTestFinished(() => executor.release());
  const { scheduler } = startScheduler({ executor });
  const look = (index: number): Job => ({
    ...job([]),
    inputs: [{ name: 'index', datatype: 'INT64', shape: [1], data: BigInt64Array.of(BigInt(index)) }],
  });
  const results = [0, 1, 99, 3].map((index) => fate(scheduler.run(look(index))));
  expect(await Promise.all(results)).toEqual([[0], [10], 'inference_failed', [30]]);
  expect(scheduler.statistics()).toMatchObject({
    inferences: 3,
    executions: 3,
    success: { count: 3 },
    fail: { count: 1 },
  });
});

test('jobs whose callers left or whose deadlines passed are not repeated alone', async () => {
  const { executor, scheduler } = startScheduler();
  const caller = { aborted: false };
  const results = [job([1]), job([2], { signal: caller }), job([3])].map((each) => fate(scheduler.run(each)));
  await turn();
  caller.aborted = true;
  executor.fail('inference_failed');
  for (let run = 0; run < 2; run++) {
    await turn();
    executor.finish();
  }
  expect(await Promise.all(results)).toEqual([[1], 'CallerLeft', [3]]);
  expect(executor.started).toEqual([[1, 2, 3], [1], [3]]);
});

test('jobs of a run whose thread ended are not repeated: they may be why', async () => {
  const { executor, scheduler } = startScheduler();
  const results = [1, 2].map((value) => fate(scheduler.run(job([value]))));
  await turn();
  executor.fail('worker_lost');
  expect(await Promise.all(results)).toEqual(['worker_lost', 'worker_lost']);
  expect(executor.started).toEqual([[1, 2]]);
});

test('a model that gives another number of rows than it got is run job by job', async () => {
  const executor = await createInlineExecutor('sum', columnSumModel());
  onTestFinished(() => executor.release());
  const { scheduler } = startScheduler({ executor });
  const results = [job([1]), job([2])].map((each) => fate(scheduler.run(each)));
  expect(await Promise.all(results)).toEqual([[1], [2]]);
});

test('while no thread is left jobs wait for the next, which wakes the queue', async () => {
  const { executor, scheduler } = startScheduler();
  executor.slots = 0;
  const result = scheduler.run(job([1]));
  await turn();
  expect(executor.started).toEqual([]);
  executor.slots = 1;
  scheduler.wake();
  await turn();
  executor.finish();
  expect(await fate(result)).toEqual([1]);
});

test('draining refuses new jobs and waits for those taken', async () => {
  const { executor, scheduler } = startScheduler({ maxBatchSize: 1 });
  const results = [1, 2].map((value) => fate(scheduler.run(job([value]))));
  const drained = vi.fn();
  const drain = scheduler.drain().then(drained);
  expect(await fate(scheduler.run(job([3])))).toBe('model_not_ready');
  for (let run = 0; run < 2; run++) {
    await turn();
    expect(drained).not.toHaveBeenCalled();
    executor.finish();
  }
  expect(await Promise.all(results)).toEqual([[1], [2]]);
  await drain;
  expect(executor.started).toEqual([[1], [2]]);
});

test('draining waits for a run even when all its callers had their refusal', async () => {
  const { executor, scheduler } = startScheduler();
  await fate(scheduler.run(job([1], { deadlineMs: inMs(5) })));
  const drained = vi.fn();
  const drain = scheduler.drain().then(drained);
  await turn();
  expect(drained).not.toHaveBeenCalled();
  executor.finish();
  await drain;
});

test('draining an idle queue resolves at once', async () => {
  await startScheduler().scheduler.drain();
});

test('the observer hears of each wait and each run', async () => {
  const observer = { queued: vi.fn(), ran: vi.fn(), restarted: vi.fn() };
  const { executor, scheduler } = startScheduler({ observer });
  const results = [1, 2, 3].map((value) => scheduler.run(job([value])));
  await turn();
  executor.finish();
  await Promise.all(results);
  expect(observer.queued).toHaveBeenCalledTimes(3);
  expect(observer.ran.mock.calls).toEqual([[0.001, 3]]);
});

test('statistics count rows, runs and their parts once for each job that shared them', async () => {
  const { executor, scheduler } = startScheduler();
  for (const rows of [[1], [2, 3], [4], [5, 6, 7, 8, 9]]) {
    const result = scheduler.run(job(rows));
    await turn();
    executor.finish();
    await result;
  }
  const shared = [1, 2].map((value) => scheduler.run(job([value])));
  await turn();
  executor.finish();
  await Promise.all(shared);
  const statistics = scheduler.statistics();
  expect(statistics).toMatchObject({ inferences: 11, executions: 5, success: { count: 6 }, queue: { count: 6 } });
  expect(statistics.infer).toEqual({ count: 6, ns: 6_000_000 });
  expect(statistics.batches.map(({ rows, infer }) => [rows, infer])).toEqual([
    [1, { count: 2, ns: 2_000_000 }],
    [2, { count: 2, ns: 2_000_000 }],
    [5, { count: 1, ns: 1_000_000 }],
  ]);
  expect(statistics.lastInferenceMs).toBeGreaterThan(0);
  expect(statistics.success.ns).toBeGreaterThanOrEqual(statistics.queue.ns);
});
