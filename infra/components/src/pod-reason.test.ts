import { expect, test } from 'vitest';
import { isSettled, type PodObject, podReason } from './pod-reason.ts';

const pod = (status: Partial<PodObject['status']>): PodObject => ({
  metadata: { name: 'bike-demand-1' },
  status: { phase: 'Pending', ...status },
});
const container = (state: object, more = {}) => ({ ready: false, restartCount: 3, state, ...more });

test('a pod that no node takes says why', () => {
  const message = '0/1 nodes are available: 1 Insufficient cpu.';
  expect(podReason(pod({ conditions: [{ type: 'PodScheduled', status: 'False', message }] }))).toBe(message);
});

test('an image that is not there is named', () => {
  const waiting = { reason: 'ErrImageNeverPull', message: 'Container image "a@sha256:00" is not present' };
  expect(podReason(pod({ containerStatuses: [container({ waiting })] }))).toBe(
    'ErrImageNeverPull: Container image "a@sha256:00" is not present',
  );
});

test('a process that ends again and again is told with its exit code', () => {
  const terminated = { exitCode: 2, reason: 'Error' };
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 10s' };
  const status = container({ waiting }, { lastState: { terminated } });
  expect(podReason(pod({ containerStatuses: [status] }))).toBe(
    'CrashLoopBackOff: back-off 10s: left with exit code 2 (Error)',
  );
});

test('one that was evicted is told', () => {
  expect(podReason(pod({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' }))).toBe(
    'Evicted: low on memory',
  );
});

test('of one that merely runs, or is being made, Kubernetes knows no reason', () => {
  expect(podReason(pod({ containerStatuses: [container({ running: {} })] }))).toBeNull();
  expect(podReason(pod({ containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] }))).toBeNull();
});

test('a pod that is ready or leaves needs no reason', () => {
  const leaving = { ...pod({}), metadata: { name: 'a', deletionTimestamp: '2026-01-01T00:00:00Z' } };
  expect([
    isSettled(pod({ conditions: [{ type: 'Ready', status: 'True' }] })),
    isSettled(leaving),
    isSettled(pod({})),
  ]).toEqual([true, true, false]);
});
