import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createHeldExecutor } from './fixtures/held-executor.ts';
import type { Job } from './job.ts';
import { deafObserver } from './model-observer.ts';
import { createScheduler, type SchedulerOptions } from './scheduler.ts';

function start(options: Partial<SchedulerOptions>) {
  const executor = createHeldExecutor(1);
  const all = { name: 'example', executor, maxBatchSize: 1, maxQueueItems: 100, maxQueueBytes: 1e6, warmRunMs: 0 };
  return { executor, scheduler: createScheduler({ ...all, observer: deafObserver, ...options }) };
}
const inMs = (ms: number) => performance.now() + ms;
const job: Job = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(1) }],
  outputs: ['y'],
  deadlineMs: inMs(60_000),
};

test('what a job would be refused with is known before there is a job, and counts as a refusal', async () => {
  const { executor, scheduler } = start({ warmRunMs: 5000, maxQueueItems: 2 });
  expect(() => scheduler.admit(inMs(-1))).toThrow(expect.objectContaining({ code: 'deadline_exceeded' }));
  scheduler.admit(inMs(100));
  const results = [scheduler.run(job)];
  await turn();
  results.push(scheduler.run(job));
  scheduler.admit(inMs(60_000));
  expect(() => scheduler.admit(inMs(9000))).toThrow(
    expect.objectContaining({ code: 'overloaded', retryAfterSeconds: expect.toSatisfy((s: number) => s > 5) }),
  );
  results.push(scheduler.run(job));
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
