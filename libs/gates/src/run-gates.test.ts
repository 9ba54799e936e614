import { gateNames, nightlyGates } from '@repo/contract/gate-name';
import { type GateCheck, gateReportSchema, Outcome } from '@repo/contract/gate-report';
import { gateVerdict } from '@repo/contract/gate-verdict';
import type { StepProgress } from '@repo/training/step-progress';
import { beforeAll, expect, test } from 'vitest';
import { allGates } from './all-gates.ts';
import type { Evidence } from './evidence.ts';
import { plantedEvidence } from './fixtures/planted-evidence.ts';
import { plantedModel } from './fixtures/planted-world.ts';
import { createSmallEvidence } from './fixtures/small-evidence.ts';
import type { Gate } from './gate.ts';
import { makeCheck } from './make-check.ts';
import { runGates } from './run-gates.ts';

/** The planted models are no whole bundles: what judges these has its own tests. */
const aboutFiles = [
  'artifact-contract',
  'compute-budget',
  'determinism',
  'onnx-parity',
  'serving-skew',
  'contract-compatibility',
  'paper-trail',
];
const statistical = allGates.filter(({ name }) => !aboutFiles.includes(name));
let evidence: Evidence;
let plain: Evidence;
beforeAll(async () => {
  evidence = await plantedEvidence();
  plain = { ...evidence, model: plantedModel('binary', { limits: {} }) };
});

const silent: StepProgress = { start: () => undefined, update: () => undefined };
const gate = (run: Gate['run'], name: Gate['name'] = 'calibration'): Gate => ({ name, run });
const run = (gates: Gate[], given = plain, nightly = false) => runGates(given, { nightly, progress: silent, gates });
const check = (over: Partial<GateCheck>) => ({ ...makeCheck('x', Outcome.pass, { detail: 'Fine.' }), ...over });

test('a report says who was compared, on what, and what every gate found; the same evidence makes the same report', async () => {
  const options = { nightly: false, progress: silent, gates: statistical };
  const report = await runGates(evidence, options);
  expect(gateReportSchema.parse(report)).toEqual(report);
  expect(report).toMatchObject({
    model: 'job',
    candidate: { digest: evidence.candidate.digest, version: null },
    champion: { digest: evidence.champion?.digest, version: 1 },
    evaluation: { digest: evidence.evaluationDigest, rows: 4000, days: 40, from: '2020-03-21T00:00:00.000Z' },
    primary: { metric: 'logLoss', gain: { margin: 0.005 } },
  });
  expect(report.gates.filter(({ outcome }) => outcome !== Outcome.pass)).toEqual([]);
  expect(await runGates(evidence, options)).toEqual(report);
});

test('the pictures hold the curves of both models, a regression has none', async () => {
  const { pictures } = await run([gate(() => [])]);
  expect(pictures.roc?.candidate.length).toBeGreaterThan(100);
  expect(pictures.roc?.candidate.length).toBeLessThanOrEqual(200);
  expect(pictures.roc?.champion?.[0]).toEqual([0, 0]);
  expect(pictures.calibration?.candidate).toHaveLength(15);
  expect(pictures.latencyMs).toBeNull();
  const numbers = await plantedEvidence({ task: 'regression', champion: null, gates: { limits: {} } });
  const report = await run([gate(() => [])], numbers);
  expect(report.pictures).toEqual({ roc: null, calibration: null, latencyMs: null });
  expect(report.primary).toMatchObject({ metric: 'mae', champion: null, gain: null });
  expect(report.primary.candidate).toBeGreaterThan(0.5);
});

test('a gate that throws fails, and the others still run', async () => {
  const throws = gate(() => {
    throw new Error('the disk is full');
  });
  const rejects = gate(async () => Promise.reject(new Error('no answer')), 'robustness');
  const { gates } = await run([throws, rejects, gate(() => [check({})], 'slices')]);
  expect(gates.map(({ outcome }) => outcome)).toEqual(['fail', 'fail', 'pass']);
  expect(gates[0]?.checks).toMatchObject([{ name: 'error', detail: 'The gate could not finish: the disk is full' }]);
  expect(gates[1]?.summary).toBe('error: The gate could not finish: no answer');
});

test('of rows of one day no gate that resamples can tell anything, and none fails', async () => {
  for (const champion of ['again', null] as const) {
    const oneDay = await plantedEvidence({ testDays: 1, champion, gates: { limits: {} } });
    const { gates, primary } = await run(statistical, oneDay);
    expect(gates.filter(({ outcome }) => outcome === Outcome.fail)).toEqual([]);
    const unsure = gates.filter(({ outcome }) => outcome === Outcome.inconclusive).map(({ gate: name }) => name);
    expect(unsure).toEqual(
      expect.arrayContaining(['data-preconditions', 'absolute-floor', 'calibration', 'reference-drift']),
    );
    expect(primary).toMatchObject({ candidate: expect.any(Number), gain: null });
  }
});

test('a check whose number is not finite fails, whatever its gate made of it', async () => {
  const checks = [
    check({ value: Number.NaN }),
    check({ value: 1, interval: [0, Infinity] }),
    check({ value: 1, limit: { good: 'at most', at: Number.NaN } }),
    check({ outcome: Outcome.notApplicable, value: Number.NaN }),
    check({ value: -0, interval: [-0, 1] }),
  ];
  const { gates } = await run([gate(() => checks)]);
  expect(gates[0]?.checks.map(({ outcome }) => outcome)).toEqual(['fail', 'fail', 'fail', 'not-applicable', 'pass']);
  expect(gates[0]?.checks[0]).toMatchObject({ value: null, detail: 'Not a finite number (NaN). Fine.' });
  expect(gates[0]?.checks[4]).toMatchObject({ value: 0, interval: [0, 1] });
});

test('a report holds 500 checks of a gate, the bad ones first, and texts of 2000 characters', async () => {
  const many = Array.from({ length: 700 }, (_, i) => check({ name: `${i}`, outcome: i === 650 ? 'fail' : 'pass' }));
  const long = check({ name: 'n'.repeat(3000), detail: 'd'.repeat(3000) });
  const { gates } = await run([gate(() => many), gate(() => [long], 'slices')]);
  expect(gates[0]?.checks).toHaveLength(500);
  expect(gates[0]?.checks.at(-1)).toMatchObject({ name: 'others', outcome: 'pass' });
  expect(gates[0]).toMatchObject({ outcome: 'fail', summary: '650: Fine.' });
  expect(gates[1]?.checks[0]?.detail).toHaveLength(2000);
});

test('a limit of the definition that nothing is held against fails its gate, and only that one', async () => {
  const limits = { calibrationSlope: { at: 0.7, reason: 'a test' } };
  const given = { ...evidence, model: plantedModel('binary', { limits }) };
  const held = check({ limit: { good: 'at least', at: 0.7 } });
  const { gates } = await run([gate(() => [held]), gate(() => [check({})], 'slices')], given);
  expect(gates.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
  const { gates: unmatched } = await run([gate(() => [check({})]), gate(() => [check({})], 'slices')], given);
  expect(unmatched.map(({ outcome }) => outcome)).toEqual(['fail', 'pass']);
  expect(unmatched[0]?.checks[1]).toMatchObject({ name: 'limit calibrationSlope', limit: { at: 0.7 } });
});

test('a nightly gate runs only when asked for, and progress tells of every gate that ran', async () => {
  const nightly = gate(() => [check({})], nightlyGates[0]);
  const said: unknown[] = [];
  const progress: StepProgress = {
    start: (step, total) => said.push([step, total]),
    update: (done, note) => said.push([done, note]),
  };
  const gates = [gate(() => [check({})]), nightly];
  const report = await runGates(plain, { nightly: false, progress, gates });
  expect(report.gates.map(({ gate: name }) => name)).toEqual(['calibration']);
  expect(said).toEqual([
    ['gates', 1],
    [1, 'calibration'],
  ]);
  expect((await run(gates, plain, true)).gates).toHaveLength(2);
});

test('waivers are copied from the definition, and where rows of one class leave the primary metric undefined the loss stands in', async () => {
  const waiver = { gate: 'slices', reason: 'known', approver: 'lead', expires: '2020-06-01' } as const;
  const model = plantedModel('binary', { limits: {}, primary: 'auc', waivers: [waiver] });
  expect((await run([gate(() => [])], { ...evidence, model })).waivers).toEqual([waiver]);
  const { test: table } = evidence.tables;
  const matrix = { ...table.matrix, labels: table.matrix.labels.map(() => 0) };
  const tables = { ...evidence.tables, test: { ...table, matrix } };
  const report = await run([gate(() => [])], { ...evidence, model, tables });
  expect(report.primary.metric).toBe('logLoss');
  expect(report.pictures.roc).toBeNull();
});

test('a candidate that cannot be run fails artifact-contract and whatever else looks at files alone; the other gates wait', async () => {
  const small = await createSmallEvidence();
  try {
    const broken = await small.openWith({ 'model.onnx': Uint8Array.of(1, 2, 3) });
    const report = await runGates(broken, { nightly: false, progress: silent });
    expect(report.primary).toMatchObject({ candidate: null, gain: null });
    expect(report.gates.map(({ gate: name }) => name)).toEqual(gateNames.slice(0, -1));
    const outcomeOf = (name: string) => report.gates.find((result) => result.gate === name)?.outcome;
    expect(outcomeOf('artifact-contract')).toBe('fail');
    for (const name of ['serving-skew', 'contract-compatibility', 'paper-trail']) expect(outcomeOf(name)).toBe('pass');
    for (const name of ['champion', 'slices', 'onnx-parity', 'determinism', 'compute-budget'])
      expect(outcomeOf(name)).toBe('not-applicable');
    expect(gateVerdict(report, 0).outcome).toBe('fail');
  } finally {
    await small.remove();
  }
});
