import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { PolicyDocument } from './iam/policy-document.ts';
import { namedTags, physicalName } from './naming.ts';
import type { StackArgs } from './stack-args.ts';

export interface BoundRoleArgs extends StackArgs {
  /** What it is for: `node`, `models`; part of its name. */
  readonly purpose: string;
  /** Who may take it. */
  readonly trust: pulumi.Input<PolicyDocument>;
  /** The most that it can do, whatever its policies say; a deployment may make no role without. */
  readonly boundaryArn: pulumi.Input<string>;
  /** What it may do. Left out: nothing but what `managed` says. */
  readonly policy?: pulumi.Input<PolicyDocument>;
  /** Policies that AWS keeps, by name: `AmazonEKSWorkerNodePolicy`. Left out: none. */
  readonly managed?: readonly string[];
  /** Longest session. Left out: an hour, AWS's own. */
  readonly maxSessionSeconds?: number;
}

const json = (document: pulumi.Input<PolicyDocument>): pulumi.Output<string> =>
  pulumi.output(document).apply((known) => JSON.stringify(known));

/** A role of AWS within the stack's bound. */
export class BoundRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: BoundRoleArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:BoundRole', name, {}, options);
    const roleName = physicalName(args.stack, args.purpose, 64);
    const parent = { parent: this };
    const role = new aws.iam.Role(
      name,
      {
        name: roleName,
        assumeRolePolicy: json(args.trust),
        permissionsBoundary: args.boundaryArn,
        maxSessionDuration: args.maxSessionSeconds,
        tags: namedTags(args.tags, roleName),
      },
      parent,
    );
    if (args.policy !== undefined)
      new aws.iam.RolePolicy(name, { name: args.purpose, role: role.name, policy: json(args.policy) }, parent);
    for (const policy of args.managed ?? []) {
      const policyArn = `arn:aws:iam::aws:policy/${policy}`;
      new aws.iam.RolePolicyAttachment(`${name}-${policy.split('/').at(-1)}`, { role: role.name, policyArn }, parent);
    }
    this.arn = role.arn;
    this.name = role.name;
    this.registerOutputs({ arn: this.arn });
  }
}
