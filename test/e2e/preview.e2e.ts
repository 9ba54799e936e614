// budget: 480 s
// needs: act, git
import { afterAll, expect, test } from 'vitest';
import { createPullRequests } from './workflows/pull-requests.ts';
import { smallProgram } from './workflows/small-infrastructure.ts';

const pulls = await createPullRequests();
afterAll(pulls.remove);
const { workspace } = pulls;

const suite = { 'e2e infra/suite': 'success' };
const passed = { plan: 'success', check: 'success', test: 'success', ...suite, required: 'success' };
const service = 'kubernetes:core/v1:Service demand';

test('a change of the infrastructure passes, and the comment shows what becomes of it on staging and prod', async () => {
  const pull = await pulls.open('port', 'stranger/shop');
  const { ci, report, checks, comments } = await pulls.push(pull, () =>
    workspace.replace(smallProgram, 'port: 8080', 'port: 9090'),
  );
  expect(ci.jobs, ci.output).toEqual({ ...passed, 'preview/render': 'success' });
  expect(report.jobs, report.output).toEqual({ report: 'success' });
  expect(checks).toEqual({ preview: 'success' });
  expect(comments).toHaveLength(1);
  const [{ body = '' } = {}] = comments;
  expect(body).toContain('✅ **pass**: 2 renderings, 0 findings of policies');
  for (const stack of ['staging', 'prod']) expect(body).toContain(`#### \`serving\` on \`${stack}\``);
  expect(body).toContain(`! ${service}\n-   spec.ports[0].port: 8080\n+   spec.ports[0].port: 9090\n`);
});

test('a change that a policy refuses cannot merge, and the comment names the policy', async () => {
  const pull = await pulls.open('open-port', 'stranger/shop');
  const { ci, checks, comments } = await pulls.push(pull, () =>
    workspace.replace(smallProgram, "type: 'ClusterIP'", "type: 'NodePort'"),
  );
  expect(ci.jobs, ci.output).toEqual({ ...passed, 'preview/render': 'failure', required: 'failure' });
  expect(checks).toEqual({ preview: 'failure' });
  const [{ body = '' } = {}] = comments;
  expect(body).toMatch(/\| ❌ fail \| `public-access` \| \S+Service demand \| opens a port on every node/);
});

test('a program that does not run cannot merge, and the comment says why', async () => {
  const pull = await pulls.open('broken');
  const { ci, checks, comments } = await pulls.push(pull, () =>
    workspace.append(smallProgram, "throw new Error('no such zone');\n"),
  );
  expect(ci.jobs, ci.output).toEqual({ ...passed, 'preview/render': 'failure', required: 'failure' });
  expect(checks).toEqual({ preview: 'failure' });
  expect(comments[0]?.body).toMatch(/could not be rendered: .*no such zone/);
});
