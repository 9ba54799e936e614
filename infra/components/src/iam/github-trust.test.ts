import { describeExamples } from './fixtures/describe-examples.ts';
import { githubTrust } from './github-trust.ts';

const github = { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' };
const token = (sub: string, aud = 'sts.amazonaws.com') => ({
  'token.actions.githubusercontent.com:aud': aud,
  'token.actions.githubusercontent.com:sub': sub,
});
const take = 'sts:AssumeRoleWithWebIdentity';

describeExamples('githubTrust', githubTrust('111122223333', 'example/causeway', 'environment:prod'), {
  allows: [[take, token('repo:example/causeway:environment:prod'), github]],
  denies: [
    [take, token('repo:example/causeway:environment:prod-preview'), github],
    [take, token('repo:example/causeway:environment:dev'), github],
    [take, token('repo:example/causeway:pull_request'), github],
    [take, token('repo:example/causeway:ref:refs/heads/main'), github],
    [take, token('repo:stranger/causeway:environment:prod'), github],
    [take, token('repo:example/causeway-fork:environment:prod'), github],
    [take, token('repo:example/causeway:environment:prod', 'https://github.com/stranger'), github],
    [take, {}, github],
    [
      take,
      token('repo:example/causeway:environment:prod'),
      { Federated: 'arn:aws:iam::111122223333:oidc-provider/example.com' },
    ],
    ['sts:AssumeRole', token('repo:example/causeway:environment:prod'), github],
  ],
});

describeExamples('githubTrust of a branch', githubTrust('111122223333', 'example/causeway', 'ref:refs/heads/main'), {
  allows: [[take, token('repo:example/causeway:ref:refs/heads/main'), github]],
  denies: [
    [take, token('repo:example/causeway:ref:refs/heads/main-2'), github],
    [take, token('repo:example/causeway:ref:refs/tags/v1'), github],
    [take, token('repo:example/causeway:environment:prod'), github],
  ],
});
