import * as pulumi from '@pulumi/pulumi';
import { BoundRole } from './bound-role.ts';
import { type GithubJob, githubJobs } from './github-jobs.ts';
import { githubTrust } from './iam/github-trust.ts';
import type { StackArgs } from './stack-args.ts';

export interface GithubDeployRoleArgs extends StackArgs {
  readonly account: string;
  readonly region: string;
  /** `owner/name` of the repository whose jobs take it. A fork has another name, and cannot. */
  readonly repository: string;
  /** What its jobs do; says what it may, and in which environment or for which branch a job must run. */
  readonly job: GithubJob;
  /** DNS zone in which a deployment writes. */
  readonly zoneId: string;
  readonly boundaryArn: pulumi.Input<string>;
}

/** The role of one kind of job in one stack. Jobs take it by a token that GitHub signs for the minute: there is no key to keep or leak. */
export class GithubDeployRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: GithubDeployRoleArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:GithubDeployRole', name, {}, options);
    const { stack, tags, account, region, repository, job, zoneId, boundaryArn } = args;
    const { subject, policy, maxSessionSeconds } = githubJobs[job];
    const role = new BoundRole(
      name,
      {
        stack,
        tags,
        boundaryArn,
        purpose: `github-${job}`,
        trust: githubTrust(account, repository, subject(stack)),
        policy: policy({ stack, account, region }, zoneId),
        maxSessionSeconds,
      },
      { parent: this },
    );
    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
