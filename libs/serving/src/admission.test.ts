import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { errorOf, fate, inMs, job, startScheduler } from './fixtures/scheduled-jobs.ts';
import type { RunResult } from './job.ts';

test('a queue that is full of items refuses the next, and those who left make room', async () => {
  const { executor, scheduler } = startScheduler({ maxQueueItems: 2 });
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
  const { executor, scheduler } = startScheduler({ maxQueueBytes: 10 });
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
  const { executor, scheduler } = startScheduler({ warmRunMs: 500, maxBatchSize: 1 });
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
  const { executor, scheduler } = startScheduler({ warmRunMs: 500, maxBatchSize }, slots);
  const deadlineMs = inMs(900);
  const results = [1, 2, 3].map((value) => fate(scheduler.run(job([value], { deadlineMs }))));
  expect(scheduler.depth()).toBe(3);
  await turn();
  while (executor.started.flat().length < 3) await turn();
  for (const _ of executor.started) executor.finish();
  expect(await Promise.all(results)).toEqual([[1], [2], [3]]);
});

test('when nobody is before it a job is taken however slow the last run was', async () => {
  const { executor, scheduler } = startScheduler({ warmRunMs: 10_000 });
  const result = scheduler.run(job([1], { deadlineMs: inMs(5000) }));
  await turn();
  executor.finish();
  expect(await fate(result)).toEqual([1]);
});

test('refused callers are told to come back after the wait, at least a second later', async () => {
  const { scheduler } = startScheduler({ warmRunMs: 4000, maxBatchSize: 1 });
  for (let i = 0; i < 3; i++) void scheduler.run(job([i])).catch(() => {});
  const waits = Array.from({ length: 300 }, () => scheduler.retryAfterSeconds());
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1);
  // Four runs of 4 s lie before a new job's answer: from 1 to 34 seconds.
  expect(Math.max(...waits)).toBeGreaterThan(16);
  expect(Math.max(...waits)).toBeLessThanOrEqual(34);
  expect(new Set(waits).size).toBeGreaterThan(5);
});

test('what a job would be refused with is known before there is a job, and counts as a refusal', async () => {
  const { executor, scheduler } = startScheduler({ warmRunMs: 5000, maxBatchSize: 1, maxQueueItems: 2 });
  expect(() => scheduler.admit(inMs(-1))).toThrow(expect.objectContaining({ code: 'deadline_exceeded' }));
  scheduler.admit(inMs(100));
  const results = [scheduler.run(job([1]))];
  await turn();
  results.push(scheduler.run(job([2])));
  scheduler.admit(inMs(60_000));
  expect(() => scheduler.admit(inMs(9000))).toThrow(
    expect.objectContaining({ code: 'overloaded', retryAfterSeconds: expect.toSatisfy((s: number) => s >= 1) }),
  );
  results.push(scheduler.run(job([3])));
  expect(() => scheduler.admit(inMs(60_000))).toThrow(expect.objectContaining({ code: 'queue_full' }));
  expect(scheduler.statistics().fail.count).toBe(3);
  expect(scheduler.depth()).toBe(2);
  for (const result of results) {
    executor.finish();
    await result;
    await turn();
  }
  void scheduler.drain();
  expect(() => scheduler.admit(inMs(60_000))).toThrow(expect.objectContaining({ code: 'model_not_ready' }));
});
