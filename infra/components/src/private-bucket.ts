import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { PolicyDocument } from './iam/policy-document.ts';
import { namedTags, physicalName } from './naming.ts';
import { isProtected } from './stack.ts';
import type { StackArgs } from './stack-args.ts';

export interface PrivateBucketArgs extends StackArgs {
  /** What lies in it: `artifacts`; part of its name. */
  readonly purpose: string;
  /** The end of its name, since buckets share one name space with all the world. */
  readonly account: pulumi.Input<string>;
  /** Encrypts what lies in it. Left out: by a key of S3's own, which is all that writers of logs can use. */
  readonly keyArn?: pulumi.Input<string>;
  /** Who may not, and which services may; given its ARN. */
  readonly policy: (arn: string) => pulumi.Input<PolicyDocument>;
  readonly lifecycle: aws.s3.BucketLifecycleConfigurationArgs['rules'];
}

/** A bucket that nobody reaches from outside, encrypted, with every version kept. In prod neither Pulumi nor a stray command deletes it. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: PrivateBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:PrivateBucket', name, {}, options);
    const { stack, tags, purpose, account, keyArn, lifecycle } = args;
    const parent = { parent: this };
    const bucketName = pulumi.output(account).apply((number) => physicalName(stack, `${purpose}-${number}`));
    const bucket = new aws.s3.Bucket(
      name,
      // Where nothing is protected, `destroy` takes what lies in it along.
      { bucket: bucketName, forceDestroy: !isProtected(stack), tags: namedTags(tags, physicalName(stack, purpose)) },
      { parent: this, protect: isProtected(stack) },
    );
    const of = { bucket: bucket.id };
    const block = {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    };
    const closed = new aws.s3.BucketPublicAccessBlock(name, { ...of, ...block }, parent);
    new aws.s3.BucketOwnershipControls(name, { ...of, rule: { objectOwnership: 'BucketOwnerEnforced' } }, parent);
    const versioning = new aws.s3.BucketVersioning(
      name,
      { ...of, versioningConfiguration: { status: 'Enabled' } },
      parent,
    );
    const method =
      keyArn === undefined ? { sseAlgorithm: 'AES256' } : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn };
    const rule = { applyServerSideEncryptionByDefault: method, bucketKeyEnabled: keyArn !== undefined };
    new aws.s3.BucketServerSideEncryptionConfiguration(name, { ...of, rules: [rule] }, parent);
    new aws.s3.BucketLifecycleConfiguration(name, { ...of, rules: lifecycle }, { ...parent, dependsOn: versioning });
    const policy = bucket.arn.apply(args.policy).apply((document) => JSON.stringify(document));
    new aws.s3.BucketPolicy(name, { ...of, policy }, { ...parent, dependsOn: closed });
    this.arn = bucket.arn;
    this.name = bucket.bucket;
    this.registerOutputs({ arn: this.arn });
  }
}
