import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTemporaryWorkspace, type TemporaryWorkspace } from './fixtures/temporary-workspace.ts';
import { runCommand } from './run-command.ts';

let workspace: TemporaryWorkspace;
beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
});
afterAll(() => workspace.remove());

async function run(args: readonly string[], environment: Record<string, string> = {}, workingDir = workspace.root) {
  const finished = { exitCode: 0, stdout: '', stderr: '' };
  finished.exitCode = await runCommand(args, {
    workingDir,
    environment,
    stdout: { write: (text) => (finished.stdout += text) },
    stderr: { write: (text) => (finished.stderr += text) },
    nowUs: Date.UTC(2024, 3, 1) * 1000,
  });
  return finished;
}

const at = ['--at', '2024-03-10T00:00:00Z'];
const verbs = 'ingest, validate, features, train, gate, register, promote, rollback, judge, watch, experiment';

test.each([
  ['no verb', [], 'command line: received no verb', `allowed: ${verbs}`],
  ['an unknown verb', ['deploy'], "received unknown command 'deploy'", `allowed: ${verbs}`],
  ['an unknown flag', ['train', 'late-order', '--fast'], "received unknown option '--fast'", 'causeway <verb> --help'],
  ['a missing argument', ['train'], "received missing required argument 'model'", 'causeway <verb> --help'],
  ['an argument too many', ['train', 'late-order', 'twice'], 'received too many arguments', 'causeway <verb> --help'],
  ['a flag without its value', ['materialize', '--all', '--at'], "option '--at <time>' argument missing", 'allowed:'],
  ['a missing flag', ['materialize', '--all'], "required option '--at <time>' not specified", 'allowed:'],
  [
    'both a model and --all',
    ['materialize', 'late-order', '--all', ...at],
    'received "late-order" and --all',
    'or --all',
  ],
  ['neither a model nor --all', ['materialize', ...at], 'received neither a model nor --all', 'or --all'],
  [
    'a malformed time',
    ['materialize', '--all', '--at', 'noon'],
    '--at: received "noon"',
    'such as 2013-12-24T18:00:00Z',
  ],
  ['a time without its zone', ['materialize', '--all', '--at', '2024-03-10T00:00'], '--at: received', 'with its zone'],
  ['an unknown model', ['validate', 'late-oder'], 'model: received "late-oder"', 'allowed: late-order'],
  ['a model that is a path', ['train', '../models/late-order'], 'model: received', 'allowed: late-order'],
  ['an unknown source', ['ingest', 'order'], 'source: received "order"', 'allowed: orders'],
])('%s is refused with what was received and what is allowed', async (_, args, received, allowed) => {
  const { exitCode, stdout, stderr } = await run(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^causeway: [^\n]+: received [^\n]+; allowed: [^\n]+; [^\n]+\n$/);
  expect(stderr).toContain(received);
  expect(stderr).toContain(allowed);
});

test.each([
  ['a state of another kind', { CAUSEWAY_STATE: 'ftp://host/state' }, 'CAUSEWAY_STATE: received "ftp://host/state"'],
  ['an online store of another kind', { ONLINE_STORE: 'postgres://host' }, 'ONLINE_STORE: received "postgres://host"'],
  ['an online store below a file', { ONLINE_STORE: 'sqlite:nx.json/online.sqlite' }, 'online store: received "'],
  ['a state folder below a file', { CAUSEWAY_STATE: 'file:nx.json/state' }, 'online store: received "'],
])('%s is refused', async (_, environment, received) => {
  const { exitCode, stdout, stderr } = await run(['materialize', 'late-order', ...at], environment);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(received);
  expect(stderr).toContain('; allowed: ');
});

test('now is the moment at which the command runs: a job has no shell that could write a time', async () => {
  const { exitCode, stdout } = await run(['materialize', 'late-order', '--at', 'now', '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ at: '2024-04-01T00:00:00Z', views: [{ view: 'shop-deliveries' }] });
});

test('a folder outside of a workspace is refused', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'));
  try {
    const { exitCode, stderr } = await run(['models'], {}, outside);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('working folder: received');
  } finally {
    await rm(outside, { recursive: true });
  }
});

test('a verb works in any folder of the workspace', async () => {
  const { exitCode, stdout } = await run(['models'], {}, workspace.path('features/shop'));
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('late-order') });
});

test('help lists the verbs, and the flags of each, on standard output', async () => {
  const all = await run(['--help']);
  expect(all).toMatchObject({ exitCode: 0, stderr: '' });
  for (const verb of verbs.split(', ')) {
    expect(all.stdout).toContain(`\n  ${verb} `);
    const one = await run([verb, '--help']);
    expect(one).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('--json') });
  }
});

test('help and wrong command lines load neither DuckDB nor onnxruntime', async () => {
  const script = `
    const { runCommand } = await import(${JSON.stringify(new URL('./run-command.ts', import.meta.url).href)});
    const quiet = { write: () => {} };
    const surroundings = { workingDir: '.', environment: {}, stdout: quiet, stderr: quiet, nowUs: 0 };
    for (const args of [['--help'], ['deploy'], ['train']]) await runCommand(args, surroundings);
    process.report.excludeNetwork = true;
    console.log(JSON.stringify(process.report.getReport().sharedObjects));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const loaded = (JSON.parse(stdout) as string[]).filter((path) => path.endsWith('.node'));
  expect(loaded).toEqual([]);
});
