import { type PolicyDocument, policyDocument } from './policy-document.ts';

/** Who signs the tokens of GitHub's jobs; the part of an ARN and of condition keys. */
export const githubIssuer = 'token.actions.githubusercontent.com';

/**
 * Lets jobs of one repository take a role, if their subject ends in this: `environment:prod`, which GitHub says only once the rules of that
 * environment (reviewers, branches) let the job start, or `ref:refs/heads/main`. A pull request, a fork, another branch and another repository
 * have other subjects (https://docs.github.com/en/actions/reference/security/oidc).
 */
export const githubTrust = (account: string, repository: string, subject: string): PolicyDocument =>
  policyDocument({
    Sid: 'TakenByJobs',
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${githubIssuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${githubIssuer}:aud`]: 'sts.amazonaws.com',
        [`${githubIssuer}:sub`]: `repo:${repository}:${subject}`,
      },
    },
  });
