import { type PolicyDocument, policyDocument } from './policy-document.ts';

/** Who signs the tokens of GitHub's jobs; the part of an ARN and of condition keys. */
export const githubIssuer = 'token.actions.githubusercontent.com';

/**
 * Lets jobs of one repository take a role, if they run in one of its environments: GitHub puts the environment into the token's subject
 * only once its rules (reviewers, branches) let the job start. A pull request, a fork, another branch and another repository have other subjects
 * (https://docs.github.com/en/actions/reference/security/oidc).
 */
export const githubTrust = (account: string, repository: string, environment: string): PolicyDocument =>
  policyDocument({
    Sid: 'TakenByJobsOfTheEnvironment',
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${githubIssuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${githubIssuer}:aud`]: 'sts.amazonaws.com',
        [`${githubIssuer}:sub`]: `repo:${repository}:environment:${environment}`,
      },
    },
  });
