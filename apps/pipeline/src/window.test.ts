import { rmSync } from 'node:fs';
import { bundleFiles } from '@repo/contract/manifest';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Context } from './context.ts';
import {
  attachReport,
  createPromotableWorkspace,
  type PromotableWorkspace,
  passing,
  registryOf,
} from './fixtures/promotable-workspace.ts';
import type { TemporaryWorkspace } from './fixtures/temporary-workspace.ts';
import { writeProposal } from './retrain/proposal.ts';
import { findWorkspace, loadModel } from './workspace.ts';

const file = 'models/late-order/window.json';
const window = {
  train: ['2024-01-01', '2024-02-25'],
  validate: ['2024-02-25', '2024-03-06'],
  test: ['2024-03-06', '2024-03-16'],
};
let made: PromotableWorkspace;
let copy: TemporaryWorkspace;

beforeAll(async () => {
  made = await createPromotableWorkspace();
});
afterAll(() => made.workspace.remove());

/** Version 4 learned from other days than the definition has, and passed its gates. */
beforeEach(async () => {
  copy = made.workspace.copy();
  for (const name of bundleFiles)
    copy.write(`.causeway/bundles/4/${name}`, name === 'lineage.json' ? JSON.stringify({ window }) : `{"${name}":4}`);
  const { digest } = await writeBundleManifest(copy.path('.causeway/bundles/4'), 'late-order');
  expect(await registryOf(copy).register('late-order', copy.path('.causeway/bundles/4'))).toMatchObject({ version: 4 });
  await attachReport(copy, 4, { digest, champion: made.digests[0] });
});

const splitNow = async () => (await loadModel(findWorkspace(copy.root), 'late-order')).split;

test('promoting a retrained version brings its days along, which the checkout then trains on; going back takes them away', async () => {
  const before = copy.filesIn('models');
  const declared = await splitNow();
  await passing(copy, 'promote', 'late-order', '--version', '4');
  expect(JSON.parse(copy.read(file))).toEqual({ schemaVersion: 1, ...window });
  expect(await splitNow()).toEqual(window);
  await passing(copy, 'rollback', 'late-order');
  expect(await splitNow()).toEqual(declared);
  const { 'late-order/champion.json': champion, ...rest } = copy.filesIn('models');
  expect(champion).toBe(before['late-order/champion.json']);
  expect(Object.keys(rest)).not.toContain('late-order/window.json');
});

test('a version whose days are none is not promoted', async () => {
  copy.write(
    '.causeway/bundles/4/lineage.json',
    JSON.stringify({ window: { ...window, test: ['yesterday', 'today'] } }),
  );
  const { digest } = await writeBundleManifest(copy.path('.causeway/bundles/4'), 'late-order');
  await registryOf(copy).register('late-order', copy.path('.causeway/bundles/4'));
  await attachReport(copy, 5, { digest, champion: made.digests[0] });
  const ended = await copy.run(['promote', 'late-order', '--version', '5']);
  expect(ended).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('lineage.json of version 5.window.test[0]: received "yesterday"'),
  });
});

test('a proposal is promoted with nothing but its folder', async () => {
  const context = { stateUrl: 'file:.causeway/state', workspace: findWorkspace(copy.root) } as Context;
  await writeProposal(context, copy.path('proposal'), { model: 'late-order', version: 4, why: 'Because.' });
  rmSync(copy.path('.causeway/state'), { recursive: true });
  const outcome = await passing(copy, 'promote', 'late-order', '--proposal', 'proposal');
  expect(outcome).toMatchObject({ version: 4, before: { version: 1 } });
  expect(await splitNow()).toEqual(window);
});

test.each<[string, string[], (copy: TemporaryWorkspace) => void, RegExp]>([
  [
    'a folder without a proposal',
    ['--proposal', 'empty'],
    () => {},
    /empty\/proposal\.json: received nothing readable \(ENOENT\).*causeway retrain --out/,
  ],
  [
    'a proposal about another model',
    ['--proposal', 'other'],
    (its) => its.write('other/proposal.json', '{"schemaVersion":1,"model":"early-order","version":4,"why":""}'),
    /proposal\.json: model: received "early-order"; allowed: "late-order"/,
  ],
  [
    'a version and a proposal',
    ['--proposal', 'p', '--version', '4'],
    () => {},
    /promote: received --version and --proposal/,
  ],
  ['neither', [], () => {}, /promote: received neither --version nor --proposal/],
])('%s is wrong input to promote', async (_, args, change, message) => {
  change(copy);
  expect(await copy.run(['promote', 'late-order', ...args])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(message),
  });
});
