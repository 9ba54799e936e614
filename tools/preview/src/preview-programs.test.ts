import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RenderedProgram } from '@repo/contract/preview-report';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { linkPackages } from './link-packages.ts';
import { previewPrograms } from './preview-programs.ts';
import { createRenderer } from './render-program.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'preview-'));
afterAll(() => rmSync(root, { recursive: true }));
// A test renders several programs, each in a process of its own.
vi.setConfig({ testTimeout: 120_000 });
const path = (file: string): string => join(root, file);
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=dev', '-c', 'user.email=dev@localhost', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
const replace = (file: string, from: string, to: string): void =>
  writeFileSync(path(file), readFileSync(path(file), 'utf8').replace(from, to));

const vpc = 'aws:ec2/vpc:Vpc vpc';
// One for all tests, none of which changes a program: each is rendered once.
const renderer = createRenderer(root);
const preview = (programs: string[], base: string | null, today = '2026-11-28') =>
  previewPrograms({ root, programs, stacks: ['dev'], base, today }, renderer);

beforeAll(() => {
  cpSync(here('./fixtures/workspace'), root, { recursive: true });
  writeFileSync(path('package.json'), '{ "type": "module" }');
  writeFileSync(path('.gitignore'), 'node_modules\n');
  linkPackages(here('../../..').replace(/\/$/, ''), root);
  rmSync(path('infra/shop'), { recursive: true });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'before');
  cpSync(here('./fixtures/workspace/infra/shop'), path('infra/shop'), { recursive: true });
  replace('infra/network/index.ts', '10.0.0.0/16', '10.1.0.0/16');
  replace('infra/throws/index.ts', 'the door is shut', 'the door stays shut');
});

test('what changed against a commit, what is new since, and what policies find', async () => {
  const report = await preview(['network', 'shop'], 'main');
  expect(report.base).toEqual({ commit: 'main', problem: null });
  const [network, shop] = report.programs as [RenderedProgram, RenderedProgram];
  expect(network.changes).toEqual([
    {
      kind: 'changed',
      resource: vpc,
      properties: [{ path: 'cidrBlock', before: '"10.0.0.0/16"', after: '"10.1.0.0/16"' }],
    },
  ]);
  expect(network.violations).toContainEqual(expect.objectContaining({ policy: 'tags', resource: vpc }));
  expect(new Set(shop.changes.map(({ kind }) => kind))).toEqual(new Set(['added']));
  expect(shop.changes).toHaveLength(shop.resources);
  expect(JSON.stringify(report)).not.toContain('sesame');
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  expect(git('status', '--short')).not.toMatch(/node_modules|worktree/);
});

test('a program that fails, here and there, is told with its reason', async () => {
  const { base, programs } = await preview(['throws'], 'main');
  expect(programs).toEqual([
    { program: 'throws', stack: 'dev', problem: expect.stringContaining('the door stays shut') },
  ]);
  expect(base?.problem).toContain('the door is shut');
  expect(`${base?.problem}${JSON.stringify(programs)}`).not.toContain(tmpdir());
});

test('what is borne is no violation, and a list of it that is wrong is a problem of its program', async () => {
  const file = path('infra/network/suppressions.json');
  const one = { policy: 'tags', resource: vpc, reason: 'a program of a test', until: '2026-12-31' };
  writeFileSync(file, JSON.stringify([one]));
  const [borne] = (await preview(['network'], null)).programs as [RenderedProgram];
  expect(borne.borne).toMatchObject([{ policy: 'tags', resource: vpc, until: '2026-12-31' }]);
  expect(borne.violations.filter(({ resource }) => resource === vpc)).toEqual([]);
  for (const [text, message] of [
    [JSON.stringify([{ ...one, policy: 'tag' }]), /\[0\]\.policy: received "tag"/],
    [JSON.stringify([{ ...one, until: undefined }]), /\[0\]\.until/],
    ['[', /no JSON/],
  ] as const) {
    writeFileSync(file, text);
    expect((await preview(['network'], null)).programs).toEqual([
      { program: 'network', stack: 'dev', problem: expect.stringMatching(message) },
    ]);
  }
  rmSync(file);
});

test('after a first or a forced push, all is shown as added', async () => {
  const { base, programs } = await preview(['network'], '0'.repeat(40));
  expect(base?.problem).toBe('it is no commit of this checkout');
  expect((programs as [RenderedProgram])[0].changes).toHaveLength(3);
});

test.each(['no-such-commit', '--upload-pack=x'])('a base %s is bad input', async (base) => {
  await expect(preview(['network'], base)).rejects.toThrow(/--base: received .*allowed: a commit of this checkout/);
});
