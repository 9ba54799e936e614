import { expect, test } from 'vitest';
import { emulateGithub } from './fixtures/emulated-github.ts';
import { openIncident } from './open-incident.ts';
import { openIncidents } from './open-incidents.ts';

test('open issues about a model that are labelled as incidents are found, and no others', async () => {
  const { github } = await emulateGithub();
  const { octokit, owner, repo } = github;
  const open = async (title: string, labels: string[]): Promise<number> =>
    (await octokit.rest.issues.create({ owner, repo, title, labels })).data.number;
  const clock = await open('The clock of JFK was wrong', ['incident', 'flight-delay']);
  await open('The clock of JFK was wrong, for another model', ['incident', 'other']);
  await open('A question', ['flight-delay']);
  const closed = await open('It is over', ['incident', 'flight-delay']);
  await octokit.rest.issues.update({ owner, repo, issue_number: closed, state: 'closed' });
  const rollback = await openIncident(
    github,
    { key: 'rollback flight-delay v2', evidence: 'x', title: 'rolled back', labels: ['rollback', 'flight-delay'] },
    'why',
  );
  expect(await openIncidents(github, 'flight-delay')).toEqual([
    { number: clock, title: 'The clock of JFK was wrong', openedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    { number: rollback.number, title: 'rolled back', openedAt: expect.any(String) },
  ]);
});
