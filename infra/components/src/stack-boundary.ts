import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { boundaryPolicy } from './iam/boundary-policy.ts';
import { githubIssuer } from './iam/github-trust.ts';
import { boundaryName } from './iam/stack-arns.ts';
import { namedTags, physicalName } from './naming.ts';
import type { StackArgs } from './stack-args.ts';

export interface StackBoundaryArgs extends StackArgs {
  readonly account: string;
  readonly region: string;
  /** Whether this stack tells the account to trust tokens of GitHub. An account takes one such provider: of several stacks in it one makes it. */
  readonly trustsGithub: boolean;
}

/** What a person makes and no job may change: the bound of all roles of a stack, and whose tokens the account trusts. */
export class StackBoundary extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: StackBoundaryArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:StackBoundary', name, {}, options);
    const { stack, tags, account, region, trustsGithub } = args;
    const policy = new aws.iam.Policy(
      'boundary',
      {
        name: boundaryName(stack),
        description: 'The most that any role of this stack can do',
        policy: JSON.stringify(boundaryPolicy({ stack, account, region })),
        tags: namedTags(tags, boundaryName(stack)),
      },
      { parent: this, protect: true },
    );
    if (trustsGithub)
      new aws.iam.OpenIdConnectProvider(
        'github',
        {
          url: `https://${githubIssuer}`,
          clientIdLists: ['sts.amazonaws.com'],
          tags: namedTags(tags, physicalName(stack, 'github')),
        },
        { parent: this, protect: true },
      );
    this.arn = policy.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
