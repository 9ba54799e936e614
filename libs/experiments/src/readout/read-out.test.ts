import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { outcomeRates } from '../fixtures/outcome-rates.ts';
import { examplePolicy, nothingOdd, simulateExperiment } from '../fixtures/simulated-experiment.ts';
import type { ArmEvidence, ExperimentEvidence } from './experiment-evidence.ts';
import { readOut } from './read-out.ts';

/** Two arms whose primary metric differs by `effect` and whose guardrail by `guarded`. */
function evidence(effect: number, guarded = 0, units = 2000): ExperimentEvidence {
  const [first, second] = [effect, guarded].map((added, i) =>
    simulateExperiment({ random: createRandom(11 + i), units, effect: added }).look(units),
  ) as [ExperimentEvidence, ExperimentEvidence];
  const arms = first.arms.map((arm, i): ArmEvidence => {
    const other = second.arms[i]?.metrics[0];
    return { ...arm, metrics: [...arm.metrics, ...(other === undefined ? [] : [other])] };
  });
  return { ...first, arms };
}

const guarded = examplePolicy({ guardrails: [{ metric: 'missed', margin: 0.5 }] });

test.each([
  [
    'better, guardrail as it was',
    -0.5,
    0,
    'pass',
    /^logLoss of version-2 is below no difference, and every guardrail holds\.$/,
  ],
  ['worse', 0.5, 0, 'fail', /^logLoss of version-2 is above no difference\.$/],
  ['better, and the guardrail broken', -0.5, 1, 'fail', /^missed of version-2 is above 0\.5 worse\.$/],
  [
    'better, and the guardrail at its margin',
    -0.5,
    0.5,
    'inconclusive',
    /^missed of version-2 is not yet told from 0\.5 worse; all 2000 planned units were seen/,
  ],
  ['alike', 0, 0, 'inconclusive', /^logLoss of version-2 is not yet told from no difference; all 2000 planned/],
] as const)('a treatment that is %s', (_, effect, ofGuardrail, verdict, reason) => {
  const readout = readOut('example', guarded, evidence(effect, ofGuardrail));
  expect({ verdict: readout.verdict, reason: readout.reason }).toEqual({
    verdict,
    reason: expect.stringMatching(reason),
  });
});

test('with a margin it is enough to be no worse by more', () => {
  const policy = examplePolicy({ primary: { metric: 'logLoss', margin: 0.4 } });
  expect(readOut('example', policy, evidence(0))).toMatchObject({ verdict: 'pass' });
  expect(readOut('example', policy, evidence(1))).toMatchObject({ verdict: 'fail' });
});

test('where more is better, less is worse', () => {
  const policy = examplePolicy({ primary: { metric: { column: 'rebooked', good: 'higher' }, margin: 0 } });
  expect(readOut('example', policy, evidence(0.5))).toMatchObject({ verdict: 'pass' });
  expect(readOut('example', policy, evidence(-0.5))).toMatchObject({ verdict: 'fail' });
});

test('where neither side is better, the arms must be alike within the margin', () => {
  const policy = examplePolicy({ primary: { metric: 'bias', margin: 0.4 } });
  expect(readOut('example', policy, evidence(0))).toMatchObject({ verdict: 'pass' });
  expect(readOut('example', policy, evidence(1))).toMatchObject({ verdict: 'fail' });
  expect(readOut('example', policy, evidence(-1))).toMatchObject({ verdict: 'fail' });
});

test('a pass waits for its days, a failure does not', () => {
  const policy = examplePolicy({ horizon: { units: 2000, minDays: 21 } });
  expect(readOut('example', policy, evidence(-0.5))).toMatchObject({
    verdict: 'inconclusive',
    reason: 'version-2 would pass; 14.0 of 21 days are over.',
  });
  expect(readOut('example', policy, evidence(0.5))).toMatchObject({ verdict: 'fail' });
});

test('too few units say nothing, and how many are missing', () => {
  const { verdict, rows } = readOut('example', examplePolicy(), evidence(-5, 0, 150));
  expect({ verdict, rows }).toMatchObject({
    verdict: 'inconclusive',
    rows: [
      {
        effect: null,
        interval: null,
        detail: expect.stringMatching(/^\d\d units with a value; 100 of each arm are needed$/),
      },
    ],
  });
});

test('an experiment that nobody has met yet is inconclusive', () => {
  const none = { arms: [], days: 0, facts: evidence(0).facts };
  expect(readOut('example', examplePolicy(), none)).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringMatching(/nobody has been exposed yet/),
  });
});

test('with three arms the others go on when one is worse, and the better one passes', () => {
  const two = evidence(-0.5);
  const worse = { ...(evidence(0.5).arms[1] as ArmEvidence), versions: ['3'] };
  const policy = examplePolicy({
    arms: [
      { version: 'champion', weight: 33.34 },
      { version: 2, weight: 33.33 },
      { version: 3, weight: 33.33 },
    ],
  });
  const readout = readOut('example', policy, { ...two, arms: [...two.arms, worse] });
  expect(readout.rows.map(({ arm, outcome }) => `${arm} ${outcome}`)).toEqual(['version-2 pass', 'version-3 fail']);
  expect(readout.verdict).toBe('pass');
});

test('read 20 times each, A/A experiments err within alpha, and a small difference is found', {
  timeout: 60_000,
}, () => {
  const alike = outcomeRates({ runs: 150, looks: 20 });
  expect(alike.pass + alike.fail).toBeLessThan(0.08);
  expect(alike.withheld).toBe(0);
  expect(outcomeRates({ runs: 40, looks: 10, effect: -0.3 })).toMatchObject({ fail: 0, pass: expect.any(Number) });
  expect(outcomeRates({ runs: 40, looks: 10, effect: -0.3 }).pass).toBeGreaterThan(0.9);
});

test('units that are all met early and come back for weeks do not make A/A experiments err more often', () => {
  const [runs, looks, units] = [200, 20, 600];
  let called = 0;
  for (let run = 0; run < runs; run++) {
    const random = createRandom(50_000 + run);
    const levels = Float64Array.from({ length: units }, () => random.normal());
    const [sums, rows] = [new Float64Array(units), new Float64Array(units)];
    const arm = (name: string, version: string, from: number, to: number): ArmEvidence => {
      const metric = { sums: sums.slice(from, to), rows: rows.slice(from, to), before: null };
      const answers = metric.rows.reduce((sum, some) => sum + some, 0);
      return { name, units: to - from, answers, labelled: answers, versions: [version], metrics: [metric] };
    };
    for (let look = 0; look < looks; look++) {
      for (let unit = 0; unit < units; unit++) {
        if (random.next() < 0.5) continue;
        rows[unit] = (rows[unit] ?? 0) + 1;
        sums[unit] = (sums[unit] ?? 0) + (levels[unit] ?? 0) + 3 * random.normal();
      }
      const arms = [arm('champion', '1', 0, units / 2), arm('version-2', '2', units / 2, units)];
      const { verdict } = readOut('example', examplePolicy(), { arms, days: 14, facts: nothingOdd });
      if (verdict === 'inconclusive') continue;
      called++;
      break;
    }
  }
  expect(called / runs).toBeLessThan(0.05);
});
