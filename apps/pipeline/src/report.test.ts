import { symlinkSync } from 'node:fs';
import { type EmulatedGithub, emulateGithub } from '@repo/github/fixtures/emulated-github';
import { type Answer, scriptGithub } from '@repo/github/fixtures/scripted-github';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createGateReport } from './fixtures/gate-report.ts';
import { createTemporaryWorkspace, type TemporaryWorkspace } from './fixtures/temporary-workspace.ts';

const digest = `sha256:${'1'.repeat(64)}`;
const stage = '.causeway/stages/late-order/gate/report.json';
const marker = '<!-- causeway:gates -->';
let workspace: TemporaryWorkspace;
let github: EmulatedGithub;
let head: string;
let number: number;
let copy: TemporaryWorkspace;

beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
});
afterAll(() => workspace.remove());

// Every test has an open pull request and a checkout whose gates passed.
beforeEach(async () => {
  copy = workspace.copy();
  copy.write(stage, JSON.stringify(createGateReport({ digest })));
  github = await emulateGithub();
  head = await github.commit('topic', { 'a.txt': 'a' });
  number = await github.openPull('topic', '`$(id)` --> <b>hostile</b>');
});

const make = (models = 'late-order', into = 'artifacts') =>
  copy.run(['report', copy.path(into), '--head', head, '--make', models, '--pull-request', String(number), '--json']);
const publish = (from = 'artifacts', environment: Record<string, string> = github.environment, sha = head) =>
  copy.run(['report', copy.path(from), '--head', sha, '--json'], environment);

async function checks(sha = head) {
  const { octokit, owner, repo } = github.github;
  const { check_runs: runs } = (await octokit.rest.checks.listForRef({ owner, repo, ref: sha, filter: 'all' })).data;
  return runs.map(({ name, conclusion, output }) => ({ name, conclusion, title: output.title }));
}

/** The envelope of a passing run, changed. */
async function makeChanged(change: (envelope: Record<string, unknown>) => unknown, path = 'artifacts/envelope.json') {
  await make();
  const envelope = JSON.parse(copy.read('artifacts/envelope.json'));
  copy.write(path, JSON.stringify(change(envelope)));
}

async function expectNothingSaid(): Promise<void> {
  expect(await checks()).toEqual([]);
  expect(await github.commentsOf(number)).toEqual([]);
}

test('what the gates found is packed, and then said once at the commit and once on the pull request', async () => {
  expect(await make()).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(copy.read('artifacts/envelope.json'))).toMatchObject({
    schemaVersion: 1,
    headSha: head,
    pullRequest: number,
    models: [{ model: 'late-order', report: { candidate: { digest } } }],
  });
  const { exitCode, stdout } = await publish();
  expect({ exitCode, outcome: JSON.parse(stdout) }).toMatchObject({
    exitCode: 0,
    outcome: { headSha: head, models: ['late-order'], pullRequests: [number], comments: [expect.any(String)] },
  });
  expect(await checks()).toEqual([
    { name: 'gates', conclusion: 'success', title: expect.stringContaining('late-order: pass') },
  ]);
  const [comment, ...others] = await github.commentsOf(number);
  expect(others).toEqual([]);
  expect(comment?.split('\n').slice(0, 2)).toEqual([marker, expect.stringContaining('pass')]);
  expect(comment).toContain(`Commit ${head}.`);
});

test.each([
  ['fail', 'failure'],
  ['inconclusive', 'neutral'],
] as const)('a run that ends in %s is said as %s, in the comment of the run before', async (outcome, conclusion) => {
  await make();
  await publish();
  copy.write(stage, JSON.stringify(createGateReport({ digest, outcomes: { slices: outcome } })));
  await make();
  expect(await publish()).toMatchObject({ exitCode: 0 });
  expect(await checks()).toMatchObject([{ conclusion, title: `late-order: ${outcome} (slices)` }]);
  const comments = await github.commentsOf(number);
  expect(comments).toHaveLength(1);
  expect(comments[0]).toContain(outcome);
});

test('a model without a report stands there with the reason, and fails the check', async () => {
  copy.write('models/broken/model.ts', "throw new Error('no such column');\n");
  await make('late-order,broken');
  await publish();
  expect(await checks()).toMatchObject([{ conclusion: 'failure' }]);
  const [comment = ''] = await github.commentsOf(number);
  expect(comment).toMatch(/2 models: 1 fail, 1 pass/);
  expect(comment).toMatch(/models\/broken\/model.ts: received Error: no such column/);
  copy.write(stage, '{"half":');
  await make('late-order');
  expect(JSON.parse(copy.read('artifacts/envelope.json')).models).toEqual([
    { model: 'late-order', problem: expect.stringMatching(/gate\/report.json is not there, or is no report/) },
  ]);
});

test('the artifacts of several jobs are one report', async () => {
  await make('late-order', 'artifacts/report-late-order');
  await make('gone', 'artifacts/report-gone');
  copy.write('artifacts/report-late-order/report.html', '<html>');
  expect(JSON.parse((await publish()).stdout)).toMatchObject({ models: ['gone', 'late-order'] });
  expect(await github.commentsOf(number)).toEqual([expect.stringMatching(/2 models: 1 fail, 1 pass/)]);
});

test('where no model was judged nothing is said, but an old comment is corrected', async () => {
  copy.write('artifacts/other/file.txt', '');
  for (const folder of ['artifacts', 'absent']) expect(await publish(folder)).toMatchObject({ exitCode: 0 });
  await expectNothingSaid();
  await make('late-order', 'earlier');
  await publish('earlier');
  await publish('artifacts');
  expect(await github.commentsOf(number)).toEqual([expect.stringContaining('no model to judge')]);
});

test('an older push than the one that is open gets its check, and leaves the comment alone', async () => {
  await make();
  await publish();
  const other = await github.commit('closed', { 'b.txt': 'b' });
  const before = await github.commentsOf(number);
  copy.write('other/envelope.json', copy.read('artifacts/envelope.json').replace(head, other));
  expect(JSON.parse((await publish('other', github.environment, other)).stdout)).toMatchObject({ pullRequests: [] });
  expect(await checks(other)).toHaveLength(1);
  expect(await github.commentsOf(number)).toEqual(before);
});

const reportIn = (envelope: Record<string, unknown>) =>
  (envelope.models as { model: string; report: ReturnType<typeof createGateReport> }[])[0] as {
    model: string;
    report: ReturnType<typeof createGateReport>;
  };

test.each<[string, (envelope: Record<string, unknown>) => unknown, RegExp]>([
  ['about another commit', (e) => ({ ...e, headSha: 'f'.repeat(40) }), /envelope.headSha: received "fff/],
  ['with a commit that is none', (e) => ({ ...e, headSha: '$(id)' }), /headSha: received "\$\(id\)"/],
  ['that claims another pull request', (e) => ({ ...e, pullRequest: 999 }), /envelope.pullRequest: received 999/],
  ['of another schema', (e) => ({ ...e, schemaVersion: 2 }), /schemaVersion: received 2; allowed: 1/],
  ['with a field too many', (e) => ({ ...e, run: 'rm -rf /' }), /run: received .*no such field here/],
  [
    'with a digest that is none',
    (e) => Object.assign(reportIn(e).report.candidate, { digest: 'sha256:1' }) && e,
    /candidate.digest: received/,
  ],
  [
    'with a model that is a path',
    (e) => Object.assign(reportIn(e), { model: '../../etc' }) && e,
    /model: received "..\/..\/etc"/,
  ],
  [
    'with a report under another name',
    (e) => Object.assign(reportIn(e), { model: 'other' }) && e,
    /report.model: received "late-order"; allowed: "other"/,
  ],
  ['with a gate left out', (e) => reportIn(e).report.gates.pop() && e, /gate paper-trail: received no answer/],
  [
    'with a gate that passes over its failing check',
    (e) => Object.assign(reportIn(e).report.gates[4]?.checks[0] ?? {}, { outcome: 'fail' }) && e,
    /gate champion: received pass, though the worst of 1 checks is fail/,
  ],
  [
    'with a model twice',
    (e) => ({ ...e, models: [reportIn(e), reportIn(e)] }),
    /envelope.models: received "late-order" twice/,
  ],
  ['without a model', (e) => ({ ...e, models: [] }), /models: received \[\]/],
  ['that is no object', () => [1], /envelope.json: received \[1\]/],
])('an envelope %s changes nothing and is bad input', async (_, change, message) => {
  await makeChanged(change);
  const { exitCode, stdout, stderr } = await publish();
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(message);
  await expectNothingSaid();
});

test.each<[string, () => unknown, RegExp]>([
  ['too large', () => copy.write('artifacts/envelope.json', ' '.repeat(5 * 2 ** 20)), /more than 4194304 bytes/],
  ['no JSON', () => copy.write('artifacts/envelope.json', '{'), /allowed: a whole JSON document/],
  ['no text', () => copy.write('artifacts/envelope.json', Uint8Array.of(0xff, 0xfe)), /allowed: a whole JSON document/],
  [
    'a link to elsewhere',
    () => {
      copy.write('elsewhere.json', '{}');
      copy.write('artifacts/x', '');
      symlinkSync(copy.path('elsewhere.json'), copy.path('artifacts/envelope.json'));
    },
    /received a symbolic link/,
  ],
  ['a folder', () => copy.write('artifacts/envelope.json/x', ''), /received (no regular file|nothing readable)/],
])('an envelope that is %s changes nothing and is bad input', async (_, prepare, message) => {
  prepare();
  const { exitCode, stderr } = await publish();
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
  await expectNothingSaid();
});

test('of several artifacts a forged one spoils all: nothing is said of the others either', async () => {
  await make('late-order', 'artifacts/report-late-order');
  copy.write('artifacts/report-zebra/envelope.json', '{}');
  expect(await publish()).toMatchObject({ exitCode: 2 });
  await expectNothingSaid();
});

test('hostile texts of a report stay inert in check and comment', async () => {
  const hostile =
    '<img src=x onerror=alert(1)> [click](https://evil.example) @everyone <!-- causeway:gates --> | `x` |\n# big';
  const report = createGateReport({ digest, outcomes: { slices: 'fail' } });
  for (const gate of report.gates) {
    gate.summary = hostile;
    for (const check of gate.checks) Object.assign(check, { name: hostile, detail: hostile });
  }
  copy.write(stage, JSON.stringify(report));
  await make();
  expect(await publish()).toMatchObject({ exitCode: 0 });
  const [comment = ''] = await github.commentsOf(number);
  const said = comment.slice(marker.length);
  expect(said).not.toMatch(/<img|<!--|\]\(https:\/\/evil|(^|\s)@everyone|^# big/m);
  await publish();
  expect(await github.commentsOf(number)).toHaveLength(1);
});

test.each<[string, string[], RegExp]>([
  ['a head that is no commit', ['--head', 'main'], /--head: received "main"; allowed: 40 hexadecimal digits/],
  ['no head', [], /required option '--head <sha>' not specified/],
  [
    'a pull request that is none',
    ['--head', 'a'.repeat(40), '--make', 'm', '--pull-request', '-1'],
    /--pull-request: received "-1"/,
  ],
  ['a model that is a path', ['--head', 'a'.repeat(40), '--make', '../x'], /--make: received "..\/x"/],
])('%s is wrong use', async (_, args, message) => {
  expect(await copy.run(['report', copy.path('artifacts'), ...args], github.environment)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(message),
  });
});

test('without a token nothing can be said', async () => {
  await make();
  expect(await publish('artifacts', {})).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/GITHUB_TOKEN: received no token/),
  });
});

test.each<[string, Answer]>([
  ['403', { status: 403, json: { message: 'Resource not accessible by integration' } }],
  ['422', { status: 422, json: { message: 'No commit found for SHA' } }],
  ['503', { status: 503 }],
])('when GitHub answers %s the error is clear and shows no token', async (_, answer) => {
  const { access } = await scriptGithub(({ method }) => (method === 'POST' ? answer : 'forward'), github.access.apiUrl);
  await make();
  const { exitCode, stderr } = await publish('artifacts', { ...github.environment, GITHUB_API_URL: access.apiUrl });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^causeway: (GITHUB_TOKEN|GitHub|GITHUB_API_URL): received .*; allowed: .*; /);
  expect(stderr).not.toContain(github.access.token);
  await expectNothingSaid();
});

test('a report that compares with another champion than that of main fails the check, and says what to do', async () => {
  copy.write(stage, JSON.stringify(createGateReport({ digest, champion: digest })));
  await make();
  expect(await publish()).toMatchObject({ exitCode: 0 });
  expect(await checks()).toMatchObject([{ conclusion: 'failure', title: 'late-order: fail (no report)' }]);
  const [comment] = await github.commentsOf(number);
  expect(comment).toContain('main has none: bring the branch up to date');
});

test('a pull request that changes by what it is judged is told of, whatever its report says', async () => {
  const files = [{ filename: 'libs/new.ts', previous_filename: 'libs/gates/src/decide.ts' }, { filename: 'README.md' }];
  const { access } = await scriptGithub(
    ({ path }) => (/\/pulls\/\d+\/files/.test(path) ? { status: 200, json: files } : 'forward'),
    github.access.apiUrl,
  );
  await make();
  await publish('artifacts', { ...github.environment, GITHUB_API_URL: access.apiUrl });
  const [comment] = await github.commentsOf(number);
  expect(comment).toMatch(
    /This pull request changes by what it is judged, so look at it first: libs\/gates\/src\/decide.ts\./,
  );
});

test('a passing report of a run that failed is told with that', async () => {
  await make();
  const args = ['report', copy.path('artifacts'), '--head', head, '--conclusion', 'failure'];
  expect(await copy.run(args, github.environment)).toMatchObject({ exitCode: 0 });
  const [comment] = await github.commentsOf(number);
  expect(comment).toContain('The run that left this failed');
  await publish();
  expect((await github.commentsOf(number))[0]).not.toContain('The run that left this failed');
});
