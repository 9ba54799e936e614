import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CallerLeft } from './caller-left.ts';
import { createHeldExecutor } from './fixtures/held-executor.ts';
import { columnSumModel, lookupModel } from './fixtures/plain-models.ts';
import { createInlineExecutor } from './inline-executor.ts';
import type { Job, RunResult } from './job.ts';
import { deafObserver } from './model-observer.ts';
import { createScheduler, type SchedulerOptions } from './scheduler.ts';

function start(options: Partial<SchedulerOptions> = {}, slots = 1) {
  const executor = createHeldExecutor(slots);
  const all = {
    name: 'example',
    executor,
    maxBatchSize: 4,
    maxQueueItems: 100,
    maxQueueBytes: 1e6,
    warmRunMs: 0,
    observer: deafObserver,
    ...options,
  };
  return { executor, scheduler: createScheduler(all) };
}

const inMs = (ms: number) => performance.now() + ms;
/** A job of one-column rows; a minute is left unless told. */
const job = (rows: readonly number[], more: Partial<Job> = {}): Job => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [rows.length, 1], data: Float32Array.from(rows) }],
  outputs: ['y'],
  deadlineMs: inMs(60_000),
  ...more,
});
const rowsIn = ({ outputs }: RunResult) => Array.from(outputs[0]?.data as Float32Array);
/** What becomes of a job: its rows, or the code it was refused with. */
const fate = (result: Promise<RunResult>) => result.then(rowsIn, (error) => error.code ?? error.name);
const errorOf = (result: Promise<RunResult>) =>
  result.then(
    () => expect.unreachable(),
    (error) => error,
  );

test('jobs that come in one turn share a run, and each gets its own rows', async () => {
  const { executor, scheduler } = start();
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
  const { executor, scheduler } = start();
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

test('jobs that cannot share a run do not, and neither waits for ever', async () => {
  const { executor, scheduler } = start();
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
  const { executor, scheduler } = start({ maxBatchSize: 1 }, 2);
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
  const { executor, scheduler } = start();
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
  const { executor, scheduler } = start();
  const late = await fate(scheduler.run(job([1], { deadlineMs: inMs(5) })));
  expect(late).toBe('deadline_exceeded');
  expect(executor.started).toEqual([[1]]);
  executor.finish();
  const next = scheduler.run(job([2]));
  await turn();
  executor.finish();
  expect(await fate(next)).toEqual([2]);
  expect(scheduler.statistics()).toMatchObject({ success: { count: 1 }, fail: { count: 1 } });
});

test('an answer that comes after the deadline is refused even when the timer could not say so', async () => {
  const { executor, scheduler } = start();
  const late = scheduler.run(job([1], { deadlineMs: inMs(15) }));
  await turn();
  const until = inMs(20);
  while (performance.now() < until);
  executor.finish();
  expect(await fate(late)).toBe('deadline_exceeded');
});

test('deadlines are watched one by one, an earlier one that comes later included', async () => {
  const { scheduler } = start();
  const order: string[] = [];
  const note = (name: string, ms: number) =>
    scheduler.run(job([1], { deadlineMs: inMs(ms) })).catch(() => order.push(name));
  await Promise.all([note('long', 60), note('short', 10), note('middle', 30)]);
  expect(order).toEqual(['short', 'middle', 'long']);
});

test('a deadline that is over already is refused without a run', async () => {
  const { executor, scheduler } = start();
  expect(await fate(scheduler.run(job([1], { deadlineMs: inMs(-1) })))).toBe('deadline_exceeded');
  await turn();
  expect(executor.started).toEqual([]);
});

test('a job whose caller has left is dropped before its run and counts as left', async () => {
  const { executor, scheduler } = start();
  const caller = new AbortController();
  const results = [job([1], { signal: caller.signal }), job([2])].map((each) => fate(scheduler.run(each)));
  caller.abort();
  await turn();
  expect(executor.started).toEqual([[2]]);
  executor.finish();
  expect(await Promise.all(results)).toEqual([new CallerLeft().name, [2]]);
  expect(scheduler.statistics()).toMatchObject({ left: 1, success: { count: 1 }, fail: { count: 0 } });
});

test('a queue that is full of items refuses the next, and those who left make room', async () => {
  const { executor, scheduler } = start({ maxQueueItems: 2 });
  const caller = { aborted: false };
  const results = [scheduler.run(job([1], { signal: caller })), scheduler.run(job([2]))].map(fate);
  const refused = await errorOf(scheduler.run(job([3])));
  expect(refused).toMatchObject({
    code: 'queue_full',
    status: 503,
    message: expect.stringContaining('2 waiting requests'),
  });
  caller.aborted = true;
  results.push(fate(scheduler.run(job([4]))));
  await turn();
  executor.finish();
  expect(await Promise.all(results)).toEqual(['CallerLeft', [2], [4]]);
});

test('a queue that is full of bytes refuses the next, and a job larger than the queue waits alone', async () => {
  const { executor, scheduler } = start({ maxQueueBytes: 10 });
  const large = scheduler.run(job([1, 2, 3, 4]));
  expect(await fate(scheduler.run(job([5])))).toBe('queue_full');
  await turn();
  const results = [job([6]), job([7])].map((each) => fate(scheduler.run(each)));
  expect(await fate(scheduler.run(job([8])))).toBe('queue_full');
  executor.finish();
  await turn();
  executor.finish();
  expect([await fate(large), ...(await Promise.all(results))]).toEqual([[1, 2, 3, 4], [6], [7]]);
});

test('a job that those before it would take past its deadline is refused at the door', async () => {
  const { executor, scheduler } = start({ warmRunMs: 500, maxBatchSize: 1 });
  const results = [scheduler.run(job([1])), scheduler.run(job([2]))];
  await turn();
  const refused = await errorOf(scheduler.run(job([3], { deadlineMs: inMs(900) })));
  expect(refused).toMatchObject({ code: 'overloaded', status: 503 });
  expect(refused.message).toMatch(/expected wait of 1\d{3} ms; allowed: a wait within (900|899) ms/);
  executor.finish();
  await results[0];
  await turn();
  executor.finish();
  expect(await fate(results[1] as Promise<RunResult>)).toEqual([2]);
});

test.each([
  { what: 'fuller batches', maxBatchSize: 4, slots: 1 },
  { what: 'more slots', maxBatchSize: 1, slots: 4 },
])('$what shorten the expected wait', async ({ maxBatchSize, slots }) => {
  const { executor, scheduler } = start({ warmRunMs: 500, maxBatchSize }, slots);
  const deadlineMs = inMs(900);
  const results = [1, 2, 3].map((value) => fate(scheduler.run(job([value], { deadlineMs }))));
  expect(scheduler.depth()).toBe(3);
  await turn();
  while (executor.started.flat().length < 3) await turn();
  for (const _ of executor.started) executor.finish();
  expect(await Promise.all(results)).toEqual([[1], [2], [3]]);
});

test('when nobody is before it a job is taken however slow the last run was', async () => {
  const { executor, scheduler } = start({ warmRunMs: 10_000 });
  const result = scheduler.run(job([1], { deadlineMs: inMs(5000) }));
  await turn();
  executor.finish();
  expect(await fate(result)).toEqual([1]);
});

test('one bad row among others fails alone', async () => {
  const executor = await createInlineExecutor('lookup', lookupModel());
  onTestFinished(() => executor.release());
  const { scheduler } = start({ executor });
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
  const { executor, scheduler } = start();
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
  const { executor, scheduler } = start();
  const results = [1, 2].map((value) => fate(scheduler.run(job([value]))));
  await turn();
  executor.fail('worker_lost');
  expect(await Promise.all(results)).toEqual(['worker_lost', 'worker_lost']);
  expect(executor.started).toEqual([[1, 2]]);
});

test('a model that gives another number of rows than it got is run job by job', async () => {
  const executor = await createInlineExecutor('sum', columnSumModel());
  onTestFinished(() => executor.release());
  const { scheduler } = start({ executor });
  const results = [job([1]), job([2])].map((each) => fate(scheduler.run(each)));
  expect(await Promise.all(results)).toEqual([[1], [2]]);
});

test('while no thread is left jobs wait for the next, which wakes the queue', async () => {
  const { executor, scheduler } = start();
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
  const { executor, scheduler } = start({ maxBatchSize: 1 });
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
  const { executor, scheduler } = start();
  await fate(scheduler.run(job([1], { deadlineMs: inMs(5) })));
  const drained = vi.fn();
  const drain = scheduler.drain().then(drained);
  await turn();
  expect(drained).not.toHaveBeenCalled();
  executor.finish();
  await drain;
});

test('draining an idle queue resolves at once', async () => {
  await start().scheduler.drain();
});

test('refused callers are told to come back after the wait, at least a second later', async () => {
  const { scheduler } = start({ warmRunMs: 4000, maxBatchSize: 1 });
  for (let i = 0; i < 3; i++) void scheduler.run(job([i])).catch(() => {});
  const waits = Array.from({ length: 300 }, () => scheduler.retryAfterSeconds());
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1);
  // Four runs of 4 s lie before a new job's answer: from 1 to 34 seconds.
  expect(Math.max(...waits)).toBeGreaterThan(16);
  expect(Math.max(...waits)).toBeLessThanOrEqual(34);
  expect(new Set(waits).size).toBeGreaterThan(5);
});

test('the observer hears of each wait and each run', async () => {
  const observer = { queued: vi.fn(), ran: vi.fn(), restarted: vi.fn() };
  const { executor, scheduler } = start({ observer });
  const results = [1, 2, 3].map((value) => scheduler.run(job([value])));
  await turn();
  executor.finish();
  await Promise.all(results);
  expect(observer.queued).toHaveBeenCalledTimes(3);
  expect(observer.ran.mock.calls).toEqual([[0.001, 3]]);
});

test('statistics count rows, runs and their parts once for each job that shared them', async () => {
  const { executor, scheduler } = start();
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
