import type { ModelContract } from '@repo/contract/model-contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Evidence, Side } from '../evidence.ts';
import { redChecks } from '../fixtures/red-checks.ts';
import { createSmallEvidence, type SmallEvidence } from '../fixtures/small-evidence.ts';
import { contractCompatibility } from './contract-compatibility.ts';

let small: SmallEvidence;
let evidence: Evidence;
beforeAll(async () => {
  small = await createSmallEvidence();
  evidence = await small.open();
}, 60_000);
afterAll(() => small.remove());

/** The checks of a candidate whose contract was changed, against a champion whose contract may be changed too. */
async function judge(change: (contract: ModelContract) => void, before: (contract: ModelContract) => void = () => {}) {
  const changed = (side: Side, by: (contract: ModelContract) => void): Side => {
    const contract = structuredClone(side.contract);
    by(contract);
    return { ...side, contract };
  };
  const champion = changed(evidence.champion as Side, before);
  return contractCompatibility.run({ ...evidence, champion, candidate: changed(evidence.candidate, change) });
}

const field = (contract: ModelContract, name: string) => {
  const found = contract.request.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no field ${name}`);
  return found;
};
const extra = (required: boolean) => ({ name: 'shift', type: 'text', required, about: 'who works' }) as const;

test('the same contract passes without a word', async () => {
  expect((await judge(() => {})).filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
});

test.each<[string, (contract: ModelContract) => void]>([
  ['a new field that may be left out', (c) => c.request.push(extra(false))],
  ['a field that need no longer be sent', (c) => Object.assign(field(c, 'load'), { required: false })],
])('%s passes', async (_, change) => {
  expect(redChecks(await judge(change))).toEqual([]);
});

test('a whole number may become a number, and nothing else may change its type', async () => {
  const typed = (type: 'integer' | 'number' | 'text') => (c: ModelContract) => {
    field(c, 'load').type = type;
  };
  expect(redChecks(await judge(typed('number'), typed('integer')))).toEqual([]);
  expect(redChecks(await judge(typed('integer'), typed('number')))).toEqual(['request']);
  expect(redChecks(await judge(typed('text'), typed('number')))).toEqual(['request']);
});

test.each<[string, string, (contract: ModelContract) => void]>([
  ['a new required field', 'request', (c) => c.request.push(extra(true))],
  ['a field that is gone', 'request', (c) => c.request.pop()],
  ['an optional field that is now required', 'request', (c) => Object.assign(field(c, 'machine'), { required: true })],
  ['outliers that are now refused', 'rows that are refused', (c) => Object.assign(c.serving, { outliers: 'reject' })],
  ['another label', 'label', (c) => Object.assign(c, { label: 'took' })],
  ['another task', 'task', (c) => Object.assign(c, { task: 'regression' })],
  ['another output', 'output', (c) => Object.assign(c.output, { name: 'chance' })],
  ['another input', 'input', (c) => Object.assign(c.input, { name: 'rows' })],
  ['another cut-off', 'cut-off column', (c) => Object.assign(c.cutoff, { column: 'ends_at' })],
  ['no threshold any more', 'what decides', (c) => Object.assign(c, { threshold: null })],
])('%s fails, and says what to do', async (_, name, change) => {
  const checks = await judge(change);
  expect(redChecks(checks)).toEqual([name]);
  expect(checks.find((check) => check.name === name)?.detail).toContain('give the new model a new name');
});

test('a moved threshold, another question, lead or feature is told and does not fail', async () => {
  const checks = await judge((c) => {
    c.threshold = 0.7;
    c.question = 'Will it break?';
    c.cutoff.leadUs += 1;
    c.features.pop();
  });
  expect(redChecks(checks)).toEqual([]);
  expect(checks.filter(({ outcome }) => outcome === 'warn').map(({ name }) => name)).toEqual([
    'question',
    'threshold',
    'lead of the cut-off',
    'columns of the raw input',
  ]);
});

test('without a champion there is nobody to break', async () => {
  const checks = await contractCompatibility.run({ ...evidence, champion: null });
  expect(checks.map(({ outcome }) => outcome)).toEqual(['not-applicable']);
});
