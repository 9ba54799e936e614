import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { type KeyUse, keyPolicy } from './iam/key-policy.ts';
import { namedTags, physicalName } from './naming.ts';
import { isProtected } from './stack.ts';
import type { StackArgs } from './stack-args.ts';

export interface EncryptionKeyArgs extends StackArgs {
  /** What it encrypts: `storage`; names its alias. */
  readonly purpose: string;
  readonly account: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** Services that may use it for whoever may use them: `s3`. */
  readonly services: KeyUse['services'];
  /** Whether CloudWatch encrypts logs with it. Left out: no. */
  readonly logs?: boolean;
  /** ARN of a role that uses it by itself. Left out: none does. */
  readonly role?: string;
}

/** A key of our own, turned every year, that only the named services use. A mistaken deletion can be taken back for a month in prod, a week elsewhere. */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:EncryptionKey', name, {}, options);
    const { stack, tags, purpose, services, logs = false, role } = args;
    const keyName = physicalName(stack, purpose);
    const policy = pulumi
      .all([args.account, args.region])
      .apply(([account, region]) => JSON.stringify(keyPolicy({ account, region, services, logs, role })));
    const key = new aws.kms.Key(
      name,
      {
        description: `Encrypts ${purpose} of ${stack}`,
        policy,
        enableKeyRotation: true,
        deletionWindowInDays: isProtected(stack) ? 30 : 7,
        tags: namedTags(tags, keyName),
      },
      { parent: this, protect: isProtected(stack) },
    );
    new aws.kms.Alias(name, { name: `alias/${keyName}`, targetKeyId: key.keyId }, { parent: this });
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
