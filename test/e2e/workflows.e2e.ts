// budget: 480 s
// needs: act, git
import { afterAll, expect, test } from 'vitest';
import { createPullRequests } from './workflows/pull-requests.ts';

const pulls = await createPullRequests();
afterAll(pulls.remove);
const { workspace } = pulls;

test('words alone are checked and tested, but nothing is trained', async () => {
  const pull = await pulls.open('docs-only');
  const { ci, checks, comments } = await pulls.push(pull, () => workspace.append('README.md', '\nMore words.\n'));
  expect(ci.jobs, ci.output).toEqual({ plan: 'success', check: 'success', test: 'success', required: 'success' });
  expect(ci.output).not.toMatch(/causeway (?:ingest|validate|features|train|gate)/);
  expect({ checks, comments }).toEqual({ checks: {}, comments: [] });
});
