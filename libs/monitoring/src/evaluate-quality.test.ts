import { monitorFindingsSchema } from '@repo/contract/monitor-findings';
import { type Database, openDatabase } from '@repo/datasets/database';
import { auc } from '@repo/stats/auc';
import { logLoss } from '@repo/stats/log-loss';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateQuality } from './evaluate-quality.ts';
import { joinWorld } from './fixtures/join-world.ts';
import {
  type AskedOrder,
  dayUs,
  observationsOf,
  ordersModel,
  ordersProfile,
  simulateOrders,
  type WorldOptions,
  worldBeginsUs,
} from './fixtures/orders-world.ts';
import { gatherQuality } from './gather-quality.ts';
import { evaluateLabelCoverage } from './labels/evaluate-label-coverage.ts';
import type { Window } from './window.ts';
import { accumulateWindows } from './windows/accumulate-windows.ts';

type Labels = Window['labels'];

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ threads: 1 });
});
afterAll(() => database.close());

const days = 20;
const endUs = worldBeginsUs + days * dayUs;
/** Labels of the last day have had their time. */
const atUs = endUs + dayUs / 2;

async function lookAt(asked: readonly AskedOrder[], observations = observationsOf(asked), model = ordersModel) {
  const maturity = await joinWorld(database, asked, atUs, observations, model);
  const options = {
    model: 'late-order',
    version: '1',
    task: 'binary',
    profile: ordersProfile,
    windowUs: dayUs,
  } as const;
  const windows = await accumulateWindows(database, 'log', { ...options, fromUs: worldBeginsUs, toUs: endUs });
  const evidence = await gatherQuality(database, { model, version: '1', maturity, windows, atUs });
  return { windows, evidence, findings: evaluateQuality(evidence) };
}

const simulate = (change: WorldOptions['change'] = (one) => one) => simulateOrders({ days, perDay: 200, change });
const said = ({ findings }: Awaited<ReturnType<typeof lookAt>>, outcome: string) =>
  findings.filter((finding) => finding.outcome === outcome).map(({ kind, name }) => `${kind} ${name}`);
const isNew = ({ atUs: at }: AskedOrder, of: number): boolean => at >= endUs - of * dayUs;

test('a model that is as it was pages nobody, and its metrics are those of a plain loop', async () => {
  const world = simulate();
  const seen = await lookAt(world);
  expect(said(seen, 'page')).toEqual([]);
  const { evidence, findings } = seen;
  const [labels, probabilities] = [world.map(({ late }) => Number(late)), world.map(({ probability }) => probability)];
  const recent = world.map(({ atUs: at }) => at >= evidence.span.fromUs);
  const chosen = <T>(values: T[]) => values.filter((_, i) => recent[i]);
  const figure = (name: string) => findings.find((finding) => finding.name === name)?.value;
  expect(evidence.matured).toBe(chosen(labels).length);
  expect(figure('logLoss')).toBeCloseTo(logLoss(chosen(labels), chosen(probabilities)), 6);
  expect(figure('auc')).toBeCloseTo(auc(chosen(labels), chosen(probabilities)), 3);
  expect(figure('estimatedLogLoss')).toBeCloseTo(figure('logLoss') ?? 0, 1);
  expect(
    evidence.groups
      .filter(({ dimension }) => dimension === 'shop')
      .map(({ group }) => group)
      .sort(),
  ).toEqual(['east', 'north', 'south', 'west']);
  expect(() => monitorFindingsSchema.shape.findings.parse(findings)).not.toThrow();
  // What has no limit is told; what has no value either is no verdict.
  const unlimited = (value: number | null) =>
    evaluateQuality({ ...evidence, limits: {}, realised: [{ metric: evidence.primary, value, interval: null }] })[0]
      ?.outcome;
  expect([unlimited(0.5), unlimited(null)]).toEqual(['ok', 'no-verdict']);
});

describe('each defect pages by its own kind, within two windows', () => {
  test('flipped labels: model; what they cost is explained by it, and the estimate does not see them', async () => {
    const seen = await lookAt(simulate((order) => (isNew(order, 2) ? { ...order, late: !order.late } : order)));
    expect(said(seen, 'page')).toEqual(['model sudden logLoss']);
    expect(said(seen, 'warn')).toContain('business sudden missedDelayCost');
    expect(seen.findings.find(({ name }) => name === 'estimatedLogLoss')?.outcome).not.toBe('page');
  });

  test('decisions that cost more: business', async () => {
    const seen = await lookAt(simulate((order) => (isNew(order, 2) ? { ...order, decision: false } : order)));
    expect(said(seen, 'page')).toEqual(['business sudden missedDelayCost']);
  });

  test('labels that became noise for two weeks: the matured metrics, which no estimate replaces', async () => {
    const seen = await lookAt(simulate((order, i) => (isNew(order, 16) ? { ...order, late: i % 5 < 2 } : order)));
    expect(said(seen, 'page')).toEqual(expect.arrayContaining(['model logLoss', 'model auc']));
    expect(seen.findings.find(({ name }) => name === 'estimatedLogLoss')).toMatchObject({
      outcome: 'no-verdict',
      reason: expect.stringContaining('Switched off: the calibration error'),
    });
  });
});

test('a cost that was nothing until now is as far beyond usual as can be told, and still a number', async () => {
  const never = (one: AskedOrder) => ({ ...one, decision: isNew(one, 2) ? !one.late : one.late });
  const { findings } = await lookAt(simulate(never));
  expect(findings.find(({ name }) => name === 'sudden missedDelayCost')).toMatchObject({ outcome: 'page' });
  expect(() => monitorFindingsSchema.shape.findings.parse(findings)).not.toThrow();
});

test('answers of stand-ins are told apart and leave the champion’s metrics alone', async () => {
  const world = simulate((order, i) =>
    i % 4 === 0 ? { ...order, level: 'prior', probability: 0.999, decision: true } : order,
  );
  const { evidence } = await lookAt(world);
  const loss = (dimension: string, group: string) =>
    evidence.groups.find((one) => one.dimension === dimension && one.group === group)?.loss.value;
  expect(loss('level', 'prior')).toBeGreaterThan(3);
  expect(loss('level', 'champion')).toBe(loss('all', ''));
  expect(loss('all', '')).toBeLessThan(0.6);
});

test('after a promotion the bad answers of the version before are no quality of the one that answers now', async () => {
  const replaced = { version: '0', probability: 0.999 };
  const seen = await lookAt(simulate((order) => (isNew(order, 8) ? order : { ...order, ...replaced })));
  const metrics = seen.findings.filter(({ name }) => name === 'logLoss' || name === 'auc');
  expect(metrics.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  expect(seen.evidence.matured).toBeLessThanOrEqual(8 * 200);
});

test('what is known early is provisional: a metric waits until almost all labels of an age are there', async () => {
  // Late orders are known a day after the others, as a delay is known when it is over.
  const { evidence } = await lookAt(
    simulate((order) => (order.late ? { ...order, observedUs: order.observedUs + 20 * 3_600e6 } : order)),
  );
  const [all] = evidence.groups;
  expect(evidence.maturity.delayUs).toBeGreaterThan(20 * 3_600e6);
  expect(all?.known).toBeGreaterThan(all?.matured ?? 0);
});

test('who asks half a day before the event waits half a day longer: no window counts by the labels of its morning', async () => {
  const model = { ...ordersModel, cutoff: { column: 'ordered_at', lead: '12h' } } as const;
  const ahead = simulate((order) => ({
    ...order,
    orderedUs: order.atUs + dayUs / 2,
    observedUs: order.observedUs + dayUs / 2,
  }));
  const { evidence, windows } = await lookAt(ahead, observationsOf(ahead), model);
  expect(evidence.history.map(({ fromUs }) => fromUs).at(-1)).toBe(endUs - 2 * dayUs);
  const [before, last] = windows.slice(-2).map(({ labels }) => labels) as [Labels, Labels];
  expect(before).toMatchObject({ matured: 200, known: 200, provisional: 0 });
  expect(last.provisional).toBeGreaterThan(0);
  expect(evidence.span.toUs - evidence.span.fromUs).toBe(14.5 * dayUs + evidence.maturity.delayUs);
});

test('labels that all come six days late are waited for so long, and not missed', async () => {
  const { evidence, windows } = await lookAt(
    simulate((order) => ({ ...order, observedUs: order.observedUs + 6 * dayUs })),
  );
  expect(evidence.maturity.from).toBe('observed');
  expect(evidence.maturity.delayUs).toBeGreaterThan(6 * dayUs);
  expect(evidence.history.at(-1)?.fromUs).toBe(endUs - 7 * dayUs);
  const coverage = evaluateLabelCoverage({ windows, endUs, objectives: ordersModel.monitoring.objectives });
  expect(coverage).toMatchObject([{ value: 1, outcome: 'ok' }]);
});

test('once labels have stopped, what broke before that is told no more', async () => {
  const broken = simulate((order) => (isNew(order, 5) && !isNew(order, 3) ? { ...order, late: !order.late } : order));
  const stopped = observationsOf(broken.filter((order) => !isNew(order, 3)));
  const seen = await lookAt(broken, stopped);
  expect(seen.evidence.history.at(-1)?.fromUs).toBe(endUs - 4 * dayUs);
  expect(said(seen, 'page')).toEqual([]);
});

test('without labels and without traffic there is no verdict, and it says what to do', async () => {
  const none = await lookAt(simulate(), [{ id: 'of nobody', late: true, observedUs: 0 }]);
  expect(new Set(none.findings.map(({ outcome }) => outcome))).toEqual(new Set(['no-verdict']));
  expect(none.findings[0]?.reason).toMatch(/^No label of \d+ answers is known\. Look whether labels still arrive\.$/);
  const silent = await lookAt(simulate().filter(({ atUs: at }) => at < worldBeginsUs));
  expect(silent.findings[0]?.reason).toContain('No answer is on record');
});
