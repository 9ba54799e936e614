import { expect, it } from 'vitest';
import { declaredBy, stackArgs } from './fixtures/declared-by.ts';
import { GithubDeployRole } from './github-deploy-role.ts';
import { type GithubJob, githubJobs } from './github-jobs.ts';
import { StackBoundary } from './stack-boundary.ts';

const jobs = Object.keys(githubJobs) as GithubJob[];
const { of } = await declaredBy(() => {
  for (const job of jobs)
    new GithubDeployRole(job, { ...stackArgs('prod'), repository: 'example/causeway', job, zoneId: 'Z1' });
});

it('makes a role for each kind of job, within the bound, for jobs of one subject each', () => {
  const roles = of('role:Role');
  const subjects = jobs.map((job) => JSON.parse(roles[job].assumeRolePolicy).Statement[0].Condition.StringEquals);
  expect(subjects.map((one) => one['token.actions.githubusercontent.com:sub'])).toEqual([
    'repo:example/causeway:environment:prod-preview',
    'repo:example/causeway:environment:prod',
    'repo:example/causeway:environment:prod-release',
    'repo:example/causeway:ref:refs/heads/main',
  ]);
  for (const job of jobs)
    expect(roles[job]).toMatchObject({
      name: `causeway-prod-github-${job}`,
      permissionsBoundary: stackArgs('prod').boundaryArn,
    });
});

it('keeps no key: neither users nor access keys are declared', () => {
  expect(of('user:User')).toEqual({});
  expect(of('accessKey:AccessKey')).toEqual({});
});

it('makes the account trust GitHub in one of its stacks only', async () => {
  const providersOf = async (trustsGithub: boolean) =>
    Object.values(
      (await declaredBy(() => new StackBoundary('boundary', { ...stackArgs('prod'), trustsGithub }))).of(
        'OpenIdConnectProvider',
      ),
    );
  expect(await providersOf(false)).toEqual([]);
  expect(await providersOf(true)).toEqual([
    expect.objectContaining({
      url: 'https://token.actions.githubusercontent.com',
      clientIdLists: ['sts.amazonaws.com'],
    }),
  ]);
});
