import type { Finding, MonitorFindings } from '@repo/contract/monitor-findings';
import { retrainingPolicySchema } from '@repo/contract/retraining-policy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { champion, daysUntil, dayUs, hourUs, runOf, situation } from '../fixtures/retrain-world.ts';
import { usOfDay } from './choose-window.ts';
import { decideRetrain } from './decide-retrain.ts';
import { isRunning, isUnfinished, type RetrainRun, type RunOutcome } from './retrain-run.ts';
import type { RetrainSituation } from './retrain-situation.ts';

const quiet = situation().policy;
const without = (triggers: object) =>
  retrainingPolicySchema.parse({ guards: { newRows: 500 }, triggers: { schedule: false, ...triggers } });
const onlySaid = { ...quiet, triggers: { ...quiet.triggers, schedule: false as const } };

const logLoss: Finding = {
  ...{ kind: 'model', name: 'logLoss', subject: null, value: 0.6, interval: [0.55, 0.65] },
  ...{ limit: { good: 'at most', at: 0.5 }, outcome: 'page', reason: 'it was 0.42.', importance: null },
};
const psi = (subject: string, importance: number | null, outcome: Finding['outcome'] = 'page'): Finding => ({
  ...{
    kind: 'data',
    name: 'psi',
    subject,
    value: 0.4,
    interval: null,
    limit: null,
    outcome,
    reason: 'it moved.',
    importance,
  },
});

/** Findings about the window that ends at the beginning of a day. */
const foundOn = (day: string, findings: Finding[]): MonitorFindings => {
  const iso = (us: number) => new Date(us / 1000).toISOString();
  const window = { from: iso(usOfDay(day) - dayUs), to: iso(usOfDay(day)), rows: 1000 };
  return { schemaVersion: 1, model: 'late-order', at: iso(usOfDay(day) + hourUs), window, version: '3', findings };
};

const decided = (rest: Partial<RetrainSituation>) => {
  const { state, trigger, guards } = decideRetrain(situation(rest));
  return { state, trigger, guards: guards.map(({ guard }) => guard) };
};

test('after a week with enough new labels it is trained again, and tested on the newest days that neither model learned from', () => {
  expect(decideRetrain(situation({ nowUs: usOfDay('2024-03-22') + 6 * hourUs }))).toMatchObject({
    retrain: true,
    trigger: 'schedule',
    window: {
      train: ['2024-01-01', '2024-02-26'],
      validate: ['2024-02-26', '2024-03-11'],
      test: ['2024-03-11', '2024-03-21'],
    },
  });
});

test('nothing fires before the week is over, nor without anything new to learn from', () => {
  expect(decided({})).toEqual({ state: 'nothing', trigger: null, guards: [] });
  expect(decided({ nowUs: usOfDay('2024-06-01'), days: daysUntil('2024-03-16') })).toMatchObject({ state: 'nothing' });
  expect(decided({ nowUs: usOfDay('2024-06-01'), days: [] })).toMatchObject({ state: 'nothing' });
});

test.each<[string, Partial<RetrainSituation>, string]>([
  ['the definition changed', { changes: ['view order@2'] }, 'contract-change'],
  [
    'the realised metric is beyond its limit in two windows',
    { findings: [foundOn('2024-03-20', [logLoss]), foundOn('2024-03-21', [logLoss])] },
    'quality',
  ],
  [
    'the estimate is beyond its limit in three windows',
    {
      findings: ['2024-03-19', '2024-03-20', '2024-03-21'].map((day) =>
        foundOn(day, [{ ...logLoss, name: 'estimatedLogLoss', outcome: 'warn' }]),
      ),
    },
    'estimate',
  ],
  [
    'features of a fifth of the importance drift',
    { findings: [foundOn('2024-03-21', [psi('shop', 0.12), psi('hour', 0.08)])] },
    'drift',
  ],
  [
    'a fifth of the features drift, whose importance nobody knows',
    { findings: [foundOn('2024-03-21', [psi('shop', null)])] },
    'drift',
  ],
  ['a fifth of the labelled rows is new', { policy: without({ volume: 0.05 }) }, 'volume'],
  ['a person asks for it', { asked: 'the vendor changed' }, 'asked'],
])('it is trained again when %s', (_, rest, trigger) => {
  expect(decided(rest)).toEqual({ state: 'run', trigger, guards: [] });
});

test.each<[string, Partial<RetrainSituation>]>([
  ['one bad window', { findings: [foundOn('2024-03-21', [logLoss])] }],
  [
    'one bad window that was looked at twice',
    { findings: [foundOn('2024-03-21', [logLoss]), foundOn('2024-03-21', [logLoss])] },
  ],
  [
    'bad windows whose interval reaches the limit',
    { findings: ['2024-03-20', '2024-03-21'].map((day) => foundOn(day, [{ ...logLoss, interval: [0.49, 0.7] }])) },
  ],
  [
    'a bad window, a good one, and a bad one',
    {
      findings: [
        foundOn('2024-03-19', [logLoss]),
        foundOn('2024-03-20', [{ ...logLoss, outcome: 'ok' }]),
        foundOn('2024-03-21', [logLoss]),
      ],
    },
  ],
  ['drift of features that hold little', { findings: [foundOn('2024-03-21', [psi('shop', 0.19)])] }],
  ['drift that only warns', { findings: [foundOn('2024-03-21', [psi('shop', 0.9, 'warn')])] }],
  ['drift of what is no feature', { findings: [foundOn('2024-03-21', [psi('view of shops', null)])] }],
  [
    'a sudden loss, which is for people to look into',
    { findings: ['2024-03-20', '2024-03-21'].map((day) => foundOn(day, [{ ...logLoss, name: 'sudden logLoss' }])) },
  ],
  [
    'a slice that is bad',
    { findings: ['2024-03-20', '2024-03-21'].map((day) => foundOn(day, [{ ...logLoss, subject: 'shop=north' }])) },
  ],
  ['a change that the definition lets pass', { changes: ['view order@2'], policy: without({ contractChange: false }) }],
])('%s is no reason', (_, rest) => {
  expect(decided({ policy: onlySaid, ...rest })).toEqual({ state: 'nothing', trigger: null, guards: [] });
});

test.each<[string, Partial<RetrainSituation>, string]>([
  ['labels of which five times as many are positive', { days: daysUntil('2024-03-21', 1) }, 'label-rate'],
  ['labels of which a fifth as many are positive', { days: daysUntil('2024-03-21', 0.04) }, 'label-rate'],
  ['no positive label at all', { days: daysUntil('2024-03-21', 0) }, 'label-rate'],
  ['a storm of labels', { days: daysUntil('2024-03-21', 0.2, 400) }, 'label-storm'],
  ['few new labels', { days: daysUntil('2024-03-21', 0.2, 50) }, 'new-rows'],
  ['no labels at all', { days: [] }, 'window'],
  ['no day beyond those that the champion learned from', { days: daysUntil('2024-03-12') }, 'window'],
  [
    'an incident in the new days',
    { incidents: [{ from: '2024-03-12', to: '2024-03-13', reason: 'a clock' }] },
    'incident',
  ],
  ['an incident that is open', { incidents: [{ from: '2024-01-05', to: null, reason: 'issue #7' }] }, 'incident'],
  [
    'a promotion that nobody merged or closed',
    { promotions: [{ number: 7, branch: 'promote/late-order-v3' }] },
    'promotion-open',
  ],
  ['data in quarantine', { quarantined: [{ from: '2024-03-20', to: null, reason: 'a batch' }] }, 'quarantine'],
])('a person who asks does not get past %s', (_, rest, guard) => {
  expect(decided({ asked: 'please', ...rest })).toEqual({ state: 'guarded', trigger: 'asked', guards: [guard] });
});

test('an incident of days that the champion learned from is no news', () => {
  const incidents = [{ from: '2024-02-01', to: '2024-02-03', reason: 'a clock' }];
  expect(decided({ asked: 'please', incidents }).state).toBe('run');
});

/** An hour of a made-up life: whether a trigger stands, a person asks, data is in doubt, and how a run that begins would end. */
const hour = fc.record({
  fires: fc.boolean(),
  asks: fc.boolean(),
  doubt: fc.constantFrom('none', 'none', 'none', 'quarantine', 'incident'),
  end: fc.constantFrom<(RunOutcome | null)[]>('proposed', 'stopped', 'inconclusive', 'failed', null),
});

test('whatever flaps and dies: one run at a time, none on doubtful data, and what triggers keeps cool-down and budget', () => {
  fc.assert(
    fc.property(fc.array(hour, { minLength: 60, maxLength: 200 }), (hours) => {
      const runs: RetrainRun[] = [];
      const asked = new Set<number>();
      const startUs = usOfDay('2024-03-20');
      for (const [i, { fires, asks, doubt, end }] of hours.entries()) {
        const nowUs = startUs + i * hourUs;
        const doubtful = [{ from: '2024-03-18', to: '2024-03-19', reason: 'doubt' }];
        const now = situation({
          ...{ nowUs, runs, policy: onlySaid, days: daysUntil('2024-03-21') },
          changes: fires ? ['the definition'] : [],
          asked: asks ? 'please' : null,
          quarantined: doubt === 'quarantine' ? doubtful : [],
          incidents: doubt === 'incident' ? doubtful : [],
        });
        const { retrain, resumes, window, reasons } = decideRetrain(now);
        if (!retrain) continue;
        expect(doubt).toBe('none');
        expect(reasons.length).toBeGreaterThan(0);
        expect(runs.filter((run) => isRunning(run, nowUs))).toEqual([]);
        if (asks) asked.add(runs.length + 1);
        else {
          const own = runs.filter((run) => !isUnfinished(run, nowUs)).map(({ claim }) => claim.startedUs);
          if (resumes === null) expect(own.filter((start) => start > nowUs - dayUs)).toEqual([]);
          expect(runs.filter(({ claim }) => claim.startedUs > nowUs - 7 * dayUs).length).toBeLessThan(3);
        }
        expect(window?.test[0] && window.test[0] > champion.validate[1]).toBe(true);
        runs.push(runOf(runs.length + 1, nowUs, end, window as RetrainRun['claim']['window']));
      }
      const perWeek = runs.filter(({ claim }) => !asked.has(claim.number)).length;
      expect(perWeek).toBeLessThanOrEqual(3 * Math.ceil(hours.length / 168));
    }),
    { numRuns: 15 },
  );
});
