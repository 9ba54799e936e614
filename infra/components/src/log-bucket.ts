import * as pulumi from '@pulumi/pulumi';
import { logBucketPolicy } from './iam/log-bucket-policy.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { StackArgs } from './stack-args.ts';

export interface LogBucketArgs extends StackArgs {
  /** Whose logs: `artifact-logs`; part of its name. */
  readonly purpose: string;
  readonly account: pulumi.Input<string>;
  /** Days after which a log is gone. */
  readonly days: number;
}

/** Takes the access logs of a bucket or a load balancer. Encrypted by S3's own key: neither can write with another. */
export class LogBucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: LogBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:LogBucket', name, {}, options);
    const { stack, tags, purpose, account, days } = args;
    const lifecycle = [
      {
        id: 'forget',
        status: 'Enabled',
        filter: { prefix: '' },
        expiration: { days },
        noncurrentVersionExpiration: { noncurrentDays: 1 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ];
    const policy = (arn: string) => pulumi.output(account).apply((number) => logBucketPolicy(arn, number));
    const bucket = new PrivateBucket(name, { stack, tags, purpose, account, lifecycle, policy }, { parent: this });
    this.name = bucket.name;
    this.registerOutputs({ name: this.name });
  }
}
