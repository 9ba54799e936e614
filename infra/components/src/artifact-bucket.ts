import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { bucketPolicy } from './iam/bucket-policy.ts';
import { predictionFolder, stateFolder } from './iam/registry-statements.ts';
import { LogBucket } from './log-bucket.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { StackArgs } from './stack-args.ts';

export interface ArtifactBucketArgs extends StackArgs {
  readonly account: pulumi.Input<string>;
  /** Encrypts what lies in it; a write with another key is refused. */
  readonly keyArn: pulumi.Input<string>;
  /** Days for which an object that was replaced or deleted can be had back. */
  readonly undoDays: number;
  /** Days after which predictions are gone: labels must have come by then. */
  readonly predictionDays: number;
  /** Days for which it is known who read and wrote what. */
  readonly logDays: number;
}

/** Days after which predictions move to cheaper storage: quality is computed over the last weeks. */
const coldAfterDays = 30;

/** Registry and prediction logs of all models of a stack. */
export class ArtifactBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** CAUSEWAY_STATE of whoever reads the registry. */
  readonly stateUrl: pulumi.Output<string>;

  constructor(name: string, args: ArtifactBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ArtifactBucket', name, {}, options);
    const { stack, tags, account, keyArn, undoDays, predictionDays, logDays } = args;
    const undo = { noncurrentVersionExpiration: { noncurrentDays: undoDays } };
    const lifecycle = [
      {
        id: 'everything',
        status: 'Enabled',
        filter: { prefix: '' },
        ...undo,
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
      {
        id: 'predictions',
        status: 'Enabled',
        filter: { prefix: `${predictionFolder}/` },
        transitions: [{ days: coldAfterDays, storageClass: 'STANDARD_IA' }],
        expiration: { days: predictionDays },
      },
    ];
    const policy = (arn: string) => pulumi.output(keyArn).apply((key) => bucketPolicy(arn, key));
    const bucket = new PrivateBucket(
      name,
      { stack, tags, purpose: 'artifacts', account, keyArn, policy, lifecycle },
      { parent: this },
    );
    const logs = new LogBucket(
      `${name}-logs`,
      { stack, tags, purpose: 'artifact-logs', account, days: logDays },
      { parent: this },
    );
    const to = { targetBucket: logs.name, targetPrefix: 'buckets/' };
    new aws.s3.BucketLogging(name, { bucket: bucket.name, ...to }, { parent: this });
    this.arn = bucket.arn;
    this.stateUrl = pulumi.interpolate`s3://${bucket.name}/${stateFolder}`;
    this.registerOutputs({ arn: this.arn });
  }
}
