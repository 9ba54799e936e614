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
/** Of a change that touches a model: the image holds its champion. */
const suite = { 'e2e image/suite': 'success' };

/** The one comment of a pull request: its number, and what it begins with. */
function onlyComment({ comments, report }: Pushed): { id: number; body: string } {
  expect(comments, report.output).toHaveLength(1);
  const [{ id, body = '' } = { id: 0 }] = comments;
  return { id, body };
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
  expect(first.ci.jobs, first.ci.output).toEqual({ ...passed, ...suite, [gateJob]: 'success' });
  expect(first.checks).toEqual({ gates: 'success' });
  passing = first.envelope;
  const comment = onlyComment(first);
  expect(comment.body).toContain('✅ **pass**: late-order may merge and be promoted. logLoss ');
  expect(comment.body).toContain(`Commit ${first.headSha}.`);

  const second = await pulls.push(pull, () => workspace.replace(model, 'rounds: 66', 'rounds: 5'));
  expect(second.ci.jobs, second.ci.output).toEqual({ ...passed, ...suite, [gateJob]: 'success' });
  expect(second.checks).toEqual({ gates: 'neutral' });
  const changed = onlyComment(second);
  expect(changed.id).toBe(comment.id);
  expect(changed.body).toContain('❔ **inconclusive**: late-order may merge but not be promoted');
  expect(changed.body).toContain('| ❔ inconclusive | `champion` | gain in logLoss -0.00');
  expect(changed.body).toContain(`Commit ${second.headSha}.`);
});

test('a model that is worse than the champion cannot merge, and the comment names the gate', async () => {
  const pull = await pulls.open('sabotaged');
  const pushed = await pulls.push(pull, () =>
    workspace.replace(model, 'rounds: 60, leaves: 8', 'rounds: 1, leaves: 2'),
  );
  expect(pushed.ci.jobs, pushed.ci.output).toEqual({ ...passed, ...suite, [gateJob]: 'failure', required: 'failure' });
  expect(pushed.checks).toEqual({ gates: 'failure' });
  const { body } = onlyComment(pushed);
  expect(body).toContain('❌ **fail**: late-order may not merge. logLoss ');
  expect(body).toContain('| ❌ fail | `champion` | gain in logLoss -');
});

test('a model that cannot be judged yet may merge, and is said to be inconclusive', async () => {
  const pull = await pulls.open('inconclusive');
  const pushed = await pulls.push(pull, () => workspace.replace(model, "test: ['2024-04-20'", "test: ['2024-05-24'"));
  expect(pushed.ci.jobs, pushed.ci.output).toEqual({ ...passed, ...suite, [gateJob]: 'success' });
  expect(pushed.checks).toEqual({ gates: 'neutral' });
  const { body } = onlyComment(pushed);
  expect(body).toContain('❔ **inconclusive**: late-order may merge but not be promoted');
  expect(body).toContain('| ❔ inconclusive | `data-preconditions` | test rows 576 rows, at least 1');
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
