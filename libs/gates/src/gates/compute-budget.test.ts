import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { changedContents } from '../fixtures/changed-contents.ts';
import { redChecks } from '../fixtures/red-checks.ts';
import { repeatedTrees } from '../fixtures/repeated-trees.ts';
import { createSmallEvidence, type SmallEvidence } from '../fixtures/small-evidence.ts';
import { latencyOf, latencyPicture } from '../latency.ts';
import { computeBudget } from './compute-budget.ts';

const ratioName = "median time of one row over the champion's";
let small: SmallEvidence;
let trainer: Parameters<typeof repeatedTrees>[0];
beforeAll(async () => {
  small = await createSmallEvidence();
  trainer = (await small.open()).candidate.trainer as typeof trainer;
}, 60_000);
afterAll(() => small.remove());

/** Evidence of two models made of the same trees, so many times over. */
async function repeated(candidate: number, champion: number): Promise<Evidence> {
  const { options } = small;
  const side = (times: number) => ({
    version: null,
    digest: options.candidate.digest,
    contents: changedContents(options.candidate.contents, { 'model.onnx': repeatedTrees(trainer, times) }),
  });
  return small.open({
    candidate: side(candidate),
    champion: { ...side(champion), version: 1, test: options.tables.test },
  });
}

test('a model is never much slower than itself', async () => {
  const evidence = await repeated(50, 50);
  for (let run = 0; run < 5; run++) {
    // Another object, so that the times are taken anew.
    const checks = await computeBudget.run({ ...evidence });
    expect(checks.map(({ outcome }) => outcome)).not.toContain('fail');
    expect(checks.find(({ name }) => name === ratioName)?.interval?.[0]).toBeLessThan(1.25);
  }
});

test('a model of three times the trees fails for its time over the champion, and for nothing else', async () => {
  const checks = await computeBudget.run(await repeated(150, 50));
  expect(redChecks(checks)).toEqual([ratioName]);
  expect(checks.find(({ name }) => name === ratioName)).toMatchObject({ outcome: 'fail', limit: { at: 1.25 } });
});

test('without a champion the model is held to the limits alone', async () => {
  const checks = await computeBudget.run(await small.open({ champion: null }));
  expect(checks.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['time of one row in process, 99th percentile', 'pass'],
    [ratioName, 'not-applicable'],
    ['time to load the model', 'pass'],
    ['memory that the model takes when loaded', 'pass'],
  ]);
});

test('limits that no model keeps fail', async () => {
  const { model } = small.options;
  const none = { at: 0, reason: 'test' };
  const limits = { latencyP99Ms: none, loadMs: none, memoryGrowthMiB: { ...none, at: -1 } };
  const evidence = await small.open({ model: { ...model, gates: { ...model.gates, limits } } });
  expect(redChecks(await computeBudget.run(evidence))).toHaveLength(3);
});

test('however short the time given is, every row has its turn and there are blocks to compare', async () => {
  const { candidate, champion, blocks } = await latencyOf({ ...(await small.open()), timingMs: 0 });
  expect([blocks.candidate.length, blocks.champion.length]).toEqual([16, 16]);
  expect(candidate.length).toBe(champion?.length);
  expect(candidate[0]).toBeGreaterThan(0);
});

test('the picture shows the times that were judged, rising', async () => {
  const evidence = await small.open();
  const checks = await computeBudget.run(evidence);
  const picture = await latencyPicture(evidence);
  for (const points of [picture?.candidate ?? [], picture?.champion ?? []]) {
    expect(points[0]?.[0]).toBe(0);
    expect(points.at(-1)?.[0]).toBe(1);
    const times = points.map(([, ms]) => ms);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
  const p99 = picture?.candidate.find(([share]) => share === 0.99)?.[1] as number;
  expect(checks[0]?.value).toBeCloseTo(p99, 2);
  expect(await latencyPicture({ ...evidence })).toBeNull();
});
