// budget: 480 s
// needs: act, git
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createPullRequests, type Pushed } from './workflows/pull-requests.ts';

const pulls = await createPullRequests();
afterAll(pulls.remove);
const { workspace } = pulls;

const model = 'models/late-order/model.ts';
const passed = { plan: 'success', check: 'success', test: 'success', required: 'success' };
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
  expect(onlyComment(first)).toContain(first.headSha);

  const second = await pulls.push(pull, () => workspace.replace(model, 'rounds: 66', 'rounds: 1'));
  expect(second.ci.jobs, second.ci.output).toMatchObject({ [gateJob]: 'failure', required: 'failure' });
  expect(second.checks).toEqual({ gates: 'failure' });
  expect(onlyComment(second)).toContain(second.headSha);
  expect(onlyComment(second)).not.toContain(first.headSha);
});

test('a model that is worse than the champion cannot merge, and the comment names the gate', async () => {
  const pull = await pulls.open('sabotaged');
  const pushed = await pulls.push(pull, () => workspace.replace(model, 'rounds: 60', 'rounds: 2'));
  expect(pushed.ci.jobs, pushed.ci.output).toEqual({ ...passed, [gateJob]: 'failure', required: 'failure' });
  expect(pushed.checks).toEqual({ gates: 'failure' });
  expect(onlyComment(pushed)).toMatch(/champion/);
});

test('a model that cannot be judged yet may merge, and is said to be inconclusive', async () => {
  const pull = await pulls.open('inconclusive');
  const pushed = await pulls.push(pull, () => workspace.replace(model, "test: ['2024-03-05'", "test: ['2024-03-13'"));
  expect(pushed.ci.jobs, pushed.ci.output).toEqual({ ...passed, [gateJob]: 'success' });
  expect(pushed.checks).toEqual({ gates: 'neutral' });
  expect(onlyComment(pushed)).toMatch(/inconclusive/i);
});

test('a report that a fork forged changes nothing', async () => {
  const pull = await pulls.open('hostile', 'stranger/shop');
  const pushed = await pulls.push(pull, () => {
    const workflow = '.github/workflows/validate-model.yml';
    mkdirSync(join(workspace.root, 'forged'));
    writeFileSync(join(workspace.root, 'forged/envelope.json'), forgedEnvelope);
    workspace.replace(workflow, 'path: .causeway/report/envelope.json', 'path: forged/envelope.json');
    workspace.replace(model, 'rounds: 60', 'rounds: 2');
  });
  expect(pushed.report.jobs, pushed.report.output).toEqual({ report: 'failure' });
  expect(pushed.checks).toEqual({});
  expect(pushed.comments).toEqual([]);
});

const forgedEnvelope = '{}';
