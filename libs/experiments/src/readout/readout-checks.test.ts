import type { ExperimentPolicy } from '@repo/contract/experiment-policy';
import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { examplePolicy, nothingOdd, simulateExperiment } from '../fixtures/simulated-experiment.ts';
import type { ArmEvidence, ExperimentEvidence, LogFacts } from './experiment-evidence.ts';
import { readOut } from './read-out.ts';
import { readoutChecks } from './readout-checks.ts';

const sound = simulateExperiment({ random: createRandom(1), units: 2000, effect: -0.5 }).look(2000);
const policy = examplePolicy();
const [control, treatment] = sound.arms as [ArmEvidence, ArmEvidence];
const odd = (facts: Partial<LogFacts>): ExperimentEvidence => ({ ...sound, facts: { ...nothingOdd, ...facts } });
const arms = (...both: ArmEvidence[]): ExperimentEvidence => ({ ...sound, arms: both });
const empty: ArmEvidence = { ...treatment, units: 0, answers: 0, labelled: 0, versions: [], metrics: [] };

const not = (evidence: ExperimentEvidence, of: ExperimentPolicy = policy) =>
  readoutChecks(of, evidence).filter(({ outcome }) => outcome !== 'pass');

test('a sound experiment passes every check, and has results', () => {
  expect(not(sound)).toEqual([]);
  expect(readOut('example', policy, sound)).toMatchObject({ verdict: 'pass', rows: [{ outcome: 'pass' }] });
});

const oneWeight = examplePolicy({
  arms: [
    { version: 'champion', weight: 100 },
    { version: 2, weight: 0 },
  ],
});
const planted: [name: string, defect: string, evidence: ExperimentEvidence, detail: RegExp, of?: ExperimentPolicy][] = [
  [
    'sample-ratio',
    'a fifth of the treatment lost',
    arms(control, { ...treatment, units: treatment.units * 0.8 }),
    /: .* units where 50 : 50 are expected; evidence .* find what loses/,
  ],
  ['sample-ratio', 'nobody', arms({ ...empty, name: 'a' }, empty), /nobody has been exposed yet/],
  [
    'arms',
    'one arm with all the weight',
    arms({ ...control, units: 10 }, empty),
    /one arm alone has a weight/,
    oneWeight,
  ],
  [
    'arms',
    'an arm that nobody was answered by',
    arms({ ...control, units: 8 }, empty),
    /nobody was answered by version-2; see whether its version is open/,
  ],
  [
    'one-arm-each',
    'units on both arms',
    odd({ movedUnits: 100 }),
    /100 units were answered by several arms and are left out, 4\.8 %; at most 1\.0 % may be; a salt/,
  ],
  [
    'assignment',
    'another salt',
    odd({ misassignedUnits: 990 }),
    /990 of 2000 units stand elsewhere than their hash says/,
  ],
  [
    'assignment',
    'other weights',
    odd({ otherPropensity: 7 }),
    /7 answers carry another propensity than the weight of their arm/,
  ],
  [
    'versions',
    'an unknown version',
    arms(control, { ...treatment, versions: ['2', '9'] }),
    /version-2 was answered by version 9; begin anew/,
  ],
  [
    'labels',
    'labels of one arm lost',
    arms(control, { ...treatment, labelled: treatment.labelled * 0.9 }),
    /labelled: champion 100\.0 %, version-2 90\.0 %; p .*: labels are lost for one arm/,
  ],
  ['clocks', 'a clock ahead', odd({ inFuture: 500 }), /500 events lie in the future, .*; set the clocks/],
  ['units', 'events without their data', odd({ withoutUnit: 500 }), /500 events name no unit/],
];

test.each(planted)('%s alone withholds the results of an experiment with %s', (name, _, evidence, detail, of) => {
  const found = not(evidence, of);
  expect(found.map((check) => check.name)).toContain(name);
  const others = found.filter((check) => check.name !== name && check.outcome === 'fail');
  // Without anybody on an arm its labels and ratio are none either.
  expect(evidence.arms.some(({ units }) => units === 0) ? [] : others).toEqual([]);
  expect(found.find((check) => check.name === name)).toMatchObject({
    outcome: 'fail',
    detail: expect.stringMatching(detail),
  });
  const readout = readOut('example', of ?? policy, evidence);
  expect(readout).toMatchObject({ verdict: 'inconclusive', rows: [] });
  expect(readout.reason).toMatch(/^Results are withheld: /);
});

test.each([
  [
    'one-arm-each',
    'one moved unit',
    odd({ movedUnits: 1 }),
    '1 units were answered by several arms and are left out, 0.050 %',
  ],
  [
    'versions',
    'a champion that changed',
    arms({ ...control, versions: ['1', '3'] }, treatment),
    'the champion changed: champion means versions 1 and 3',
  ],
  [
    'repeats',
    'a client that asks twice',
    odd({ repeated: 20 }),
    /20 answers, .* %, to an event that was answered before; the first counts/,
  ],
  ['labels', 'no label yet', arms({ ...control, labelled: 0 }, { ...treatment, labelled: 0 }), /no label is known yet/],
])('%s tells of %s and withholds nothing', (name, _, evidence, detail) => {
  expect(not(evidence)).toEqual([{ name, outcome: 'warn', detail: expect.stringMatching(detail) }]);
  expect(readOut('example', policy, evidence).rows).not.toEqual([]);
});

test('labels that are missing alike in both arms, as the latest are, withhold nothing', () => {
  const late = (arm: ArmEvidence): ArmEvidence => ({ ...arm, labelled: Math.round(arm.labelled * 0.7) });
  expect(not(arms(late(control), late(treatment)))).toEqual([]);
});

test('a mismatch of units is found at any size, and a true ratio is left alone at a thousand looks', () => {
  const random = createRandom(5);
  let [units, mismatches] = [0, 0];
  for (let look = 0; look < 1000; look++) {
    for (let unit = 0; unit < 20; unit++) units += Number(random.next() < 0.5);
    const seen = 20 * (look + 1);
    const [check] = readoutChecks(policy, arms({ ...control, units }, { ...treatment, units: seen - units }));
    mismatches += Number(check?.outcome === 'fail');
  }
  expect(mismatches).toBe(0);
});
