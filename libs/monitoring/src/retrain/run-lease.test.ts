import { expect, test } from 'vitest';
import { dayUs, hourUs, nowUs, runOf, situation } from '../fixtures/retrain-world.ts';
import { decideRetrain } from './decide-retrain.ts';
import type { RetrainRun } from './retrain-run.ts';

/** Of a run that was killed: its test begins after what the champion learned from. */
const killedWindow = {
  train: ['2024-01-01', '2024-02-25'],
  validate: ['2024-02-25', '2024-03-10'],
  test: ['2024-03-10', '2024-03-20'],
} satisfies RetrainRun['claim']['window'];

test('while a run goes on there is none, and it is said whose it is; past its lease it is gone on with, on the same days', () => {
  const going = situation({ asked: 'please', runs: [runOf(4, nowUs - hourUs, null, killedWindow)] });
  expect(decideRetrain(going)).toMatchObject({
    state: 'running',
    wait: expect.stringMatching(/^run 4 goes on since 2024-03-21T05:00:00.000Z by host:/),
  });
  const dead = situation({ runs: [runOf(4, nowUs - 3 * hourUs, null, killedWindow)] });
  expect(decideRetrain(dead)).toMatchObject({ state: 'run', trigger: 'schedule', resumes: 4, window: killedWindow });
});

test('a lease is held by the clock, whatever moment is decided for', () => {
  const clockUs = nowUs + 30 * dayUs;
  const alive = runOf(4, nowUs, null);
  const going = { ...alive, claim: { ...alive.claim, leaseUntilUs: clockUs + hourUs } };
  expect(decideRetrain(situation({ asked: 'please', clockUs, runs: [going] }))).toMatchObject({ state: 'running' });
  expect(decideRetrain(situation({ asked: 'please', clockUs, runs: [alive] }))).toMatchObject({ state: 'run' });
  // The past is decided for while a run lives.
  const past = { asked: 'please', nowUs: nowUs + 6 * hourUs, clockUs: nowUs + hourUs, runs: [alive] };
  expect(decideRetrain(situation(past))).toMatchObject({ state: 'running' });
});

test('a killed run that opened its promotion is gone on with, and finds it again', () => {
  const promotions = [{ number: 7, branch: 'promote/late-order-v3' }];
  const runs = [runOf(4, nowUs - 3 * hourUs, null, killedWindow)];
  expect(decideRetrain(situation({ promotions, runs }))).toMatchObject({ state: 'run', resumes: 4 });
});

test('cool-down and budget make a trigger wait, not a person', () => {
  const changes = ['the definition'];
  const cooling = { changes, runs: [runOf(1, nowUs - 23 * hourUs, 'stopped')] };
  expect(decideRetrain(situation(cooling))).toMatchObject({ state: 'wait' });
  expect(decideRetrain(situation({ ...cooling, asked: 'now' }))).toMatchObject({ state: 'run' });
  const spent = { changes, runs: [2, 3, 4].map((days) => runOf(5 - days, nowUs - days * dayUs, 'proposed')) };
  expect(decideRetrain(situation(spent)).wait).toMatch(
    /^3 runs began within seven days, the budget: the next may at 2024-03-24T06/,
  );
});
