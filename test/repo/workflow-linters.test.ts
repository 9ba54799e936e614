import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { validateWorkflow } from './validate-workflow.ts';
import { workflowFiles } from './workflow-files.ts';
import { readWorkspace } from './workspace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const workflows = workflowFiles(readWorkspace(root, [], [])).filter(({ kind }) => kind !== 'action');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const board = '.github/workflows/ci.yml';

const copy = mkdtempSync(join(tmpdir(), 'linters-'));
afterAll(() => rmSync(copy, { recursive: true }));

/** Runs a linter over the `.github` of this workspace with one text replaced in the board. */
function lint(command: readonly string[], from = '', to = ''): { status: number | null; output: string } {
  cpSync(join(root, '.github'), join(copy, '.github'), { recursive: true });
  // actionlint takes the folder with a .git for the repository.
  mkdirSync(join(copy, '.git'), { recursive: true });
  writeFileSync(join(copy, board), text(board).replace(from, to));
  const { status, stdout, stderr } = spawnSync(command[0] as string, command.slice(1), { cwd: copy, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
const isOnPath = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

describe("GitHub's own language service", () => {
  test.each(workflows.map(({ path }) => path))('finds nothing wrong with %s', async (path) => {
    expect(await validateWorkflow(root, path, text(path))).toEqual([]);
  });

  test.each([
    ['an event that does not exist', 'pull_request:', 'pull_requests:', /pull_requests/],
    ['a job that does not exist', 'needs: plan', 'needs: plans', /plans/],
    ['an input that the called workflow lacks', 'with:\n      model', 'with:\n      modell', /modell/],
    ['an input that the action lacks', 'fetch-depth: 0', 'fetch-deep: 0', /fetch-deep/],
    ['a context that does not exist', 'github.event.before', 'githb.event.before', /githb/],
  ])('finds %s', async (_, from, to, message) => {
    expect(text(board)).toContain(from);
    expect((await validateWorkflow(root, board, text(board).replace(from, to))).join('\n')).toMatch(message);
  });
});

describe.skipIf(!isOnPath('actionlint'))('actionlint', () => {
  const command = ['actionlint', '-no-color'];
  test('finds nothing', () => {
    expect(lint(command)).toEqual({ status: 0, output: '' });
  });

  test('finds a runner that GitHub does not have', () => {
    expect(lint(command, 'runs-on: ubuntu-latest', 'runs-on: ubuntu-lates').output).toContain('ubuntu-lates');
  });
});

describe.skipIf(!isOnPath('zizmor'))('zizmor', () => {
  const command = ['zizmor', '--offline', '--no-progress', '--color=never', '--persona=auditor', '.'];
  test('finds nothing', () => {
    expect(lint(command)).toMatchObject({ status: 0, output: expect.stringContaining('No findings to report') });
  });

  test('finds an action that is not pinned', () => {
    const { status, output } = lint(command, '@3d3c42e5aac5ba805825da76410c181273ba90b1', '@v7');
    expect(status).not.toBe(0);
    expect(output).toContain('unpinned-uses');
  });
});
