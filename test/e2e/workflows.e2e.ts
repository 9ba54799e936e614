// budget: 480 s
// needs: act, git
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createPullRequests, type Pushed, type Shown } from './workflows/pull-requests.ts';

const pulls = await createPullRequests();
afterAll(pulls.remove);
const { workspace } = pulls;

const model = 'models/late-order/model.ts';
const judge = '.github/workflows/validate-model.yml';
const passed = { plan: 'success', check: 'success', test: 'success', required: 'success' };
/** What the run of the good model left. */
let passing: string | null = null;
const gateJob = 'validate late-order/gate';

/** The one comment of a pull request. */
function onlyComment({ comments, report }: Pushed): string {
  expect(comments, report.output).toHaveLength(1);
  return comments[0] as string;
}

test('words alone are checked and tested, but nothing is trained and nothing is said', async () => {
  const pull = await pulls.open('docs-only');
  const { ci, report, checks, comments } = await pulls.push(pull, () =>
    workspace.append('README.md', '\nMore words.\n'),
  );
  expect(ci.jobs, ci.output).toEqual(passed);
  expect(ci.output).not.toMatch(/causeway (?:ingest|validate|features|train|gate)/);
  expect(report.jobs, report.output).toEqual({ report: 'success' });
  expect({ checks, comments }).toEqual({ checks: {}, comments: [] });
});

test('a good model passes, with its verdict as a check and in one comment, which a second push changes in place', async () => {
  const pull = await pulls.open('good');
  const first = await pulls.push(pull, () => workspace.replace(model, 'rounds: 60', 'rounds: 66'));
  expect(first.ci.jobs, first.ci.output).toEqual({ ...passed, [gateJob]: 'success' });
  expect(first.checks).toEqual({ gates: 'success' });
  passing = first.envelope;
  expect(onlyComment(first)).toContain(first.headSha);

  const second = await pulls.push(pull, () => workspace.replace(model, 'rounds: 66', 'rounds: 5'));
  expect(second.ci.jobs, second.ci.output).toEqual({ ...passed, [gateJob]: 'success' });
  expect(second.checks).toEqual({ gates: 'neutral' });
  expect(onlyComment(second)).toContain(second.headSha);
  expect(onlyComment(second)).not.toContain(first.headSha);
});

test('a model that is worse than the champion cannot merge, and the comment names the gate', async () => {
  const pull = await pulls.open('sabotaged');
  const pushed = await pulls.push(pull, () => workspace.replace(model, 'rounds: 60', 'rounds: 1'));
  expect(pushed.ci.jobs, pushed.ci.output).toEqual({ ...passed, [gateJob]: 'failure', required: 'failure' });
  expect(pushed.checks).toEqual({ gates: 'failure' });
  expect(onlyComment(pushed)).toMatch(/champion/);
});

test('a model that cannot be judged yet may merge, and is said to be inconclusive', async () => {
  const pull = await pulls.open('inconclusive');
  const pushed = await pulls.push(pull, () => workspace.replace(model, "test: ['2024-04-20'", "test: ['2024-05-24'"));
  expect(pushed.ci.jobs, pushed.ci.output).toEqual({ ...passed, [gateJob]: 'success' });
  expect(pushed.checks).toEqual({ gates: 'neutral' });
  expect(onlyComment(pushed)).toMatch(/inconclusive/i);
});

test('what a fork forges changes nothing: neither check nor comment', async () => {
  const pull = await pulls.open('hostile', 'stranger/shop');
  const another = passing as string;
  const pushed = await pulls.push(pull, () => {
    // Its own workflow hands out the report of somebody else's commit.
    mkdirSync(join(workspace.root, 'forged'));
    writeFileSync(join(workspace.root, 'forged/envelope.json'), another);
    workspace.replace(judge, 'path: .causeway/report/envelope.json', 'path: forged/envelope.json');
    workspace.replace(model, 'rounds: 60', 'rounds: 1');
  });
  expect(pushed.envelope).toBe(another);
  const own = JSON.stringify({ ...JSON.parse(another), headSha: pushed.headSha });
  const forged: [string, Shown][] = [
    ['of another commit', pushed],
    ['a gate without its checks', await pulls.forge(pull, own.replace(/"checks":\[.*?\],/, '"checks":[],'))],
    ['of another form', await pulls.forge(pull, own.replace('"schemaVersion":1', '"schemaVersion":1,"note":"<img>"'))],
    ['too large', await pulls.forge(pull, own.replace('{', `{${' '.repeat(5 * 2 ** 20)}`))],
    ['cut off', await pulls.forge(pull, own.slice(0, -1))],
  ];
  for (const [what, { report, checks, comments }] of forged) {
    expect(report.jobs, `${what}: ${report.output}`).toEqual({ report: 'failure' });
    expect({ checks, comments }, what).toEqual({ checks: {}, comments: [] });
  }
});
