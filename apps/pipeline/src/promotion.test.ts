import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { targetOf } from './champion-change.ts';
import type { GateReportOptions } from './fixtures/gate-report.ts';
import {
  attachReport,
  createPromotableWorkspace,
  type PromotableWorkspace,
  passing,
  registryOf,
} from './fixtures/promotable-workspace.ts';
import type { TemporaryWorkspace } from './fixtures/temporary-workspace.ts';
import { passingReport } from './passing-report.ts';

const folder = 'models/late-order';
let made: PromotableWorkspace;
beforeAll(async () => {
  made = await createPromotableWorkspace();
});
afterAll(() => made.workspace.remove());

/** A copy in which version 2 and, against it, version 3 have passing reports. */
async function createCopy(): Promise<TemporaryWorkspace> {
  const copy = made.workspace.copy();
  const [one, two, three] = made.digests;
  await attachReport(copy, 2, { digest: two, champion: one });
  await attachReport(copy, 3, { digest: three, champion: two });
  return copy;
}

const champion = (copy: TemporaryWorkspace) => JSON.parse(copy.read(`${folder}/champion.json`)).version;
const releases = (copy: TemporaryWorkspace) => [
  ...new Set(Object.keys(copy.filesIn(`${folder}/release`)).map((path) => path.split('/')[0])),
];
async function aliases(copy: TemporaryWorkspace) {
  const registry = registryOf(copy);
  return [await registry.getAlias('late-order', 'champion'), await registry.getAlias('late-order', 'previous')];
}

/** What a refused command must leave as it was. */
const state = async (copy: TemporaryWorkspace) => ({ files: copy.filesIn('models'), aliases: await aliases(copy) });

async function expectRefused(copy: TemporaryWorkspace, args: string[], exitCode: 1 | 2, message: RegExp) {
  const before = await state(copy);
  const ended = await copy.run(args);
  expect(ended).toMatchObject({ exitCode, stdout: '', stderr: expect.stringMatching(message) });
  expect(await state(copy)).toEqual(before);
}

test('a version with a passing report becomes the champion, its evidence beside it', async () => {
  const copy = await createCopy();
  const outcome = await passing(copy, 'promote', 'late-order', '--version', '2');
  const [one, two] = made.digests;
  expect(outcome).toEqual({
    model: 'late-order',
    version: 2,
    digest: two,
    before: { version: 1, digest: one },
    pullRequest: null,
  });
  expect(JSON.parse(copy.read(`${folder}/champion.json`))).toEqual({ version: 2, digest: two });
  expect(await aliases(copy)).toEqual([2, 1]);
  expect(releases(copy)).toEqual(['1', '2', '2.evidence']);
  expect(JSON.parse(copy.read(`${folder}/release/2.evidence/report.json`)).candidate.digest).toBe(two);
  expect(await passing(copy, 'models')).toMatchObject([{ champion: { version: 2, digest: two }, problem: null }]);
});

test('the report that is laid beside a champion is the one that was weighed, not one attached meanwhile', async () => {
  const copy = await createCopy();
  const registry = registryOf(copy);
  const version = { model: 'late-order', version: 2, digest: made.digests[1] };
  const before = { version: 1, digest: made.digests[0] };
  const { content } = await passingReport(registry, version, before, Date.now());
  await attachReport(copy, 2, { digest: made.digests[1], champion: made.digests[0], outcomes: { slices: 'fail' } });
  const bundle = await registry.openBundle('late-order', 2);
  const weighed = new Map([['report.json', content] as const]);
  const { evidence } = await targetOf(registry, copy.path(folder), 2, bundle, weighed);
  expect(evidence.get('report.json')).toEqual(content);
  expect((await targetOf(registry, copy.path(folder), 2, bundle)).evidence.get('report.json')).not.toEqual(content);
});

test('git keeps the champion and the one before it; older releases go', async () => {
  const copy = await createCopy();
  await passing(copy, 'promote', 'late-order', '--version', '2');
  await passing(copy, 'promote', 'late-order', '--version', '3');
  expect(releases(copy)).toEqual(['2', '2.evidence', '3', '3.evidence']);
  expect(await aliases(copy)).toEqual([3, 2]);
});

test('promoting the champion again changes nothing, and makes a registry that was left behind follow git', async () => {
  const copy = await createCopy();
  await passing(copy, 'promote', 'late-order', '--version', '2');
  const before = await state(copy);
  await passing(copy, 'promote', 'late-order', '--version', '2');
  expect(await state(copy)).toEqual(before);
  rmSync(copy.path('.causeway/state/registry/models/late-order/aliases'), { recursive: true });
  await passing(copy, 'promote', 'late-order', '--version', '2');
  expect((await aliases(copy))[0]).toBe(2);
});

test.each<[string, Required<GateReportOptions>['outcomes'], RegExp]>([
  ['fails', { slices: 'fail' }, /its gates say fail\n {2}slices \(fail\): slices is as planted/],
  ['cannot tell', { champion: 'inconclusive' }, /its gates say inconclusive\n {2}champion \(inconclusive\)/],
])('a version whose report %s is not promoted', async (_, outcomes, message) => {
  const copy = made.workspace.copy();
  const [one, two] = made.digests;
  await attachReport(copy, 2, { digest: two, champion: one, outcomes });
  await expectRefused(copy, ['promote', 'late-order', '--version', '2'], 1, message);
});

test('a waiver of today lets it pass, and one that expired does not', async () => {
  const copy = made.workspace.copy();
  const [one, two] = made.digests;
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const waived = (expires: string) => ({
    digest: two,
    champion: one,
    outcomes: { slices: 'fail' } as const,
    waivers: [{ gate: 'slices' as const, reason: 'a known one', approver: 'lead', expires }],
  });
  await attachReport(copy, 2, waived(inDays(-2)));
  const expired = /its gates say fail\n.*slices \(fail\).*\n.*waiver of slices does not hold: expired on/;
  await expectRefused(copy, ['promote', 'late-order', '--version', '2'], 1, expired);
  await attachReport(copy, 2, waived(inDays(2)));
  await passing(copy, 'promote', 'late-order', '--version', '2');
  expect(champion(copy)).toBe(2);
});

test.each<[string, (copy: TemporaryWorkspace) => unknown, string[], 1 | 2, RegExp]>([
  ['a version without a report', () => {}, ['2'], 1, /version 2 has no report: run causeway gate late-order/],
  ['a version that does not exist', () => {}, ['9'], 2, /version of late-order: received 9; allowed: 1, 2, 3/],
  ['a version that is no number', () => {}, ['../1'], 2, /--version: received "..\/1"; allowed: a whole number from 1/],
  [
    'a report that compares with another champion',
    (copy) => attachReport(copy, 2, { digest: made.digests[1], champion: made.digests[2] }),
    ['2'],
    1,
    /compares with the champion sha256:.*; now version 1, sha256:.*, is the champion: run causeway gate/,
  ],
  [
    'a report that compares with no champion although there is one',
    (copy) => attachReport(copy, 2, { digest: made.digests[1], champion: null }),
    ['2'],
    1,
    /compares with no champion; now version 1/,
  ],
  [
    'a champion.json that was cut',
    (copy) => copy.write(`${folder}/champion.json`, '{"version":1'),
    ['2'],
    2,
    /champion.json: received .*; allowed: a whole JSON document/,
  ],
  [
    'a champion.json of another digest',
    (copy) => copy.write(`${folder}/champion.json`, JSON.stringify({ version: 1, digest: made.digests[1] })),
    ['2'],
    2,
    /champion.json.digest: received .*restore both from git/,
  ],
  [
    'a champion whose release is damaged',
    (copy) => copy.write(`${folder}/release/1/model.onnx`, 'x'),
    ['2'],
    2,
    /model.onnx: received sha256:/,
  ],
  [
    'a champion.json that is gone while the registry has a champion',
    async (copy) => {
      rmSync(copy.path(`${folder}/champion.json`));
      await attachReport(copy, 2, { digest: made.digests[1], champion: null });
    },
    ['2'],
    1,
    /received version 1 in the registry; champion.json says none/,
  ],
])('%s is refused, and nothing changes', async (_, prepare, [version = ''], exitCode, message) => {
  const copy = made.workspace.copy();
  await prepare(copy);
  await expectRefused(copy, ['promote', 'late-order', '--version', version], exitCode, message);
});

test('of two promotions at once in one checkout one wins, and the other is told to compare again', async () => {
  const copy = made.workspace.copy();
  const [one, two, three] = made.digests;
  await attachReport(copy, 2, { digest: two, champion: one });
  await attachReport(copy, 3, { digest: three, champion: one });
  const ended = await Promise.all(['2', '3'].map((v) => copy.spawn(['promote', 'late-order', '--version', v])));
  expect(ended.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
  const winner = ended[0]?.exitCode === 0 ? 2 : 3;
  expect(champion(copy)).toBe(winner);
  expect(await aliases(copy)).toEqual([winner, 1]);
  expect(ended.find(({ exitCode }) => exitCode === 1)?.stderr).toMatch(
    /compares with the champion sha256:.*; now version/,
  );
});

test('of two promotions at once in two checkouts with one registry one wins, and the other stays as it was', async () => {
  const copies = [made.workspace.copy(), made.workspace.copy()] as const;
  const [one, two, three] = made.digests;
  for (const [version, digest] of [
    [2, two],
    [3, three],
  ] as const)
    await attachReport(copies[0], version, { digest, champion: one });
  const shared = { CAUSEWAY_STATE: `file:${copies[0].path('.causeway/state')}` };
  const before = copies[0].filesIn('models');
  const ended = await Promise.all(
    copies.map((copy, i) => copy.spawn(['promote', 'late-order', '--version', String(i + 2)], shared)),
  );
  expect(ended.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
  const winner = ended[0]?.exitCode === 0 ? 0 : 1;
  expect(champion(copies[winner])).toBe(winner + 2);
  expect(copies[1 - winner]?.filesIn('models')).toEqual(before);
  expect(ended[1 - winner]?.stderr).toMatch(/another promotion was faster; take over its champion.json/);
  expect(await aliases(copies[0])).toEqual([winner + 2, 1]);
});

test('a promotion that was cut off before champion.json changed is completed by the next', async () => {
  const copy = await createCopy();
  await registryOf(copy).setAlias('late-order', 'champion', 2, 1);
  copy.write(`${folder}/release/2.part/model.onnx`, 'half');
  copy.write(`${folder}/release/2/model.onnx`, 'half');
  await passing(copy, 'promote', 'late-order', '--version', '2');
  expect(champion(copy)).toBe(2);
  expect(await passing(copy, 'models')).toMatchObject([{ champion: { version: 2 }, problem: null }]);
});

test('a fresh clone, whose registry knows no champion, promotes from what git says', async () => {
  const copy = await createCopy();
  rmSync(copy.path('.causeway/state/registry/models/late-order/aliases'), { recursive: true });
  await passing(copy, 'promote', 'late-order', '--version', '2');
  expect(await aliases(copy)).toEqual([2, 1]);
});

test('a model without any champion promotes its first by a report that compares with none', async () => {
  const copy = made.workspace.copy();
  rmSync(copy.path(`${folder}/champion.json`));
  rmSync(copy.path(`${folder}/release`), { recursive: true });
  rmSync(copy.path('.causeway/state/registry/models/late-order/aliases'), { recursive: true });
  await attachReport(copy, 3, { digest: made.digests[2], champion: null });
  const { before } = await passing(copy, 'promote', 'late-order', '--version', '3');
  expect(before).toBeNull();
  expect(champion(copy)).toBe(3);
  expect(releases(copy)).toEqual(['3', '3.evidence']);
});
