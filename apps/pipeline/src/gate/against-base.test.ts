import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from '../context.ts';
import { createPromotableWorkspace, type PromotableWorkspace } from '../fixtures/promotable-workspace.ts';
import type { TemporaryWorkspace } from '../fixtures/temporary-workspace.ts';
import { findWorkspace } from '../workspace.ts';
import { againstBase } from './against-base.ts';

const folder = 'models/late-order';
let made: PromotableWorkspace;

const git = (copy: TemporaryWorkspace, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=dev', '-c', 'user.email=dev@localhost', ...args], {
    cwd: copy.root,
    encoding: 'utf8',
  }).trim();
function commit(copy: TemporaryWorkspace): void {
  git(copy, 'add', '-A', 'models');
  git(copy, 'commit', '-q', '-m', 'change');
}

// Version 1 is the champion on main; 2 and 3 are bundles that no gate has seen.
beforeAll(async () => {
  made = await createPromotableWorkspace();
  git(made.workspace, 'init', '-q', '-b', 'main');
  commit(made.workspace);
});
afterAll(() => made.workspace.remove());

async function compared(copy: TemporaryWorkspace, base = 'main') {
  const context = { workspace: findWorkspace(copy.root) } as Context;
  const { candidate, champion } = await againstBase(context, 'late-order', base);
  return { candidate, champion: champion?.digest ?? null };
}

/** Makes a bundle the champion by hand, under any number. */
function pin(copy: TemporaryWorkspace, bundle: 1 | 2 | 3, version: number): void {
  const release = copy.path(folder, 'release', String(version));
  rmSync(release, { recursive: true, force: true });
  cpSync(copy.path('.causeway/bundles', String(bundle)), release, { recursive: true });
  copy.write(`${folder}/champion.json`, `{"digest":"${made.digests[bundle - 1]}","version":${version}}\n`);
}

test('a branch that leaves the champion alone is judged by what it trains', async () => {
  expect(await compared(made.workspace.copy())).toEqual({ candidate: null, champion: made.digests[0] });
});

test.each([1, 2])('a champion that a branch brings along as version %i is judged itself', async (version) => {
  const copy = made.workspace.copy();
  pin(copy, 2, version);
  const expected = { candidate: copy.path(folder, 'release', String(version)), champion: made.digests[0] };
  expect(await compared(copy)).toEqual(expected);
  // On the branch it was the champion since its first commit: that counts for nothing.
  git(copy, 'checkout', '-q', '-b', 'branch');
  commit(copy);
  expect(await compared(copy)).toEqual(expected);
});

test('the first champion of a model is judged itself, against none', async () => {
  const copy = made.workspace.copy();
  git(copy, 'rm', '-rq', '--cached', folder);
  const root = git(copy, 'commit-tree', git(copy, 'write-tree'), '-m', 'no champion yet');
  expect(await compared(copy, root)).toEqual({ candidate: copy.path(folder, 'release/1'), champion: null });
});

test('going back to a former champion is judged by what the checkout trains', async () => {
  const copy = made.workspace.copy();
  pin(copy, 2, 2);
  commit(copy);
  pin(copy, 1, 1);
  expect(await compared(copy)).toEqual({ candidate: null, champion: made.digests[1] });
});

test.each<[string, string, (copy: TemporaryWorkspace) => unknown, string]>([
  [
    'without the champion',
    'main',
    (copy) => rmSync(copy.path(folder, 'champion.json')),
    `${folder}/champion.json: received nothing; allowed: a champion: "main" has version 1`,
  ],
  [
    'with a release that never was the champion',
    'main',
    (copy) => cpSync(copy.path('.causeway/bundles/3'), copy.path(folder, 'release/9'), { recursive: true }),
    'release/9: received sha256:',
  ],
  [
    'with a release beside the champion that is not the one of before',
    'main',
    (copy) => {
      pin(copy, 2, 2);
      commit(copy);
      rmSync(copy.path(folder, 'release/1'), { recursive: true });
      cpSync(copy.path('.causeway/bundles/3'), copy.path(folder, 'release/1'), { recursive: true });
    },
    'release/1: received sha256:',
  ],
  ['to be merged into what is no commit', '--all', () => {}, '--base: received "--all"'],
])('a branch %s is refused', async (_, base, change, said) => {
  const copy = made.workspace.copy();
  change(copy);
  await expect(compared(copy, base)).rejects.toThrow(said);
});
