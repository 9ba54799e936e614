import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  attachReport,
  createPromotableWorkspace,
  type PromotableWorkspace,
  passing,
  registryOf,
} from './fixtures/promotable-workspace.ts';
import type { TemporaryWorkspace } from './fixtures/temporary-workspace.ts';

let made: PromotableWorkspace;
beforeAll(async () => {
  made = await createPromotableWorkspace();
});
afterAll(() => made.workspace.remove());

const folder = 'models/late-order';

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
  expect(await copy.run(args)).toMatchObject({ exitCode, stdout: '', stderr: expect.stringMatching(message) });
  expect(await state(copy)).toEqual(before);
}

test('rolling back returns to the champion before, byte for byte, and twice goes back twice', async () => {
  const copy = await createCopy();
  const bytes = copy.read(`${folder}/champion.json`);
  await passing(copy, 'promote', 'late-order', '--version', '2');
  await passing(copy, 'promote', 'late-order', '--version', '3');
  expect(await passing(copy, 'rollback', 'late-order')).toMatchObject({ version: 2, before: { version: 3 } });
  expect(champion(copy)).toBe(2);
  expect(await aliases(copy)).toEqual([2, 3]);
  expect(await passing(copy, 'rollback', 'late-order')).toMatchObject({ version: 1, before: { version: 2 } });
  expect(copy.read(`${folder}/champion.json`)).toBe(bytes);
  expect(releases(copy)).toEqual(['1', '2', '2.evidence']);
  expect(await passing(copy, 'models')).toMatchObject([{ champion: { version: 1 }, problem: null }]);
  await expectRefused(copy, ['rollback', 'late-order'], 1, /has no champion before version 1/);
});

test('a fresh clone rolls back to the older release that git keeps', async () => {
  const copy = await createCopy();
  await passing(copy, 'promote', 'late-order', '--version', '2');
  rmSync(copy.path('.causeway/state'), { recursive: true });
  expect(await passing(copy, 'rollback', 'late-order')).toMatchObject({ version: 1 });
  expect(await aliases(copy)).toEqual([1, 2]);
});

test('a broken definition does not keep anybody from going back', async () => {
  const copy = await createCopy();
  await passing(copy, 'promote', 'late-order', '--version', '2');
  copy.write(`${folder}/model.ts`, 'export default {{{\n');
  expect(await passing(copy, 'rollback', 'late-order')).toMatchObject({ version: 1 });
});

test('rolling back goes to an earlier champion by number, and never to a version that was none', async () => {
  const copy = await createCopy();
  await passing(copy, 'promote', 'late-order', '--version', '2');
  await expectRefused(
    copy,
    ['rollback', 'late-order', '--version', '3'],
    1,
    /version 3 was never the champion: only causeway promote/,
  );
  await expectRefused(copy, ['rollback', 'late-order', '--version', '9'], 2, /received 9; allowed: 1, 2, 3/);
  await passing(copy, 'rollback', 'late-order', '--version', '2');
  expect(champion(copy)).toBe(2);
  await passing(copy, 'rollback', 'late-order', '--version', '1');
  expect(champion(copy)).toBe(1);
});

test.each<[string, (copy: TemporaryWorkspace) => void, 1 | 2, RegExp]>([
  ['no champion', (copy) => rmSync(copy.path(`${folder}/champion.json`)), 1, /has no champion to roll back/],
  ['a cut champion.json', (copy) => copy.write(`${folder}/champion.json`, '{'), 2, /champion.json: received/],
  [
    'a damaged release to go back to',
    (copy) => writeFileSync(join(copy.path(folder), 'release/1/model.onnx'), 'x'),
    2,
    /model.onnx: received sha256:/,
  ],
])('a rollback with %s is refused, and nothing changes', async (_, spoil, exitCode, message) => {
  const copy = await createCopy();
  await passing(copy, 'promote', 'late-order', '--version', '2');
  spoil(copy);
  await expectRefused(copy, ['rollback', 'late-order'], exitCode, message);
});
