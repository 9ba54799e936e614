import { onlyTls } from './bucket-policy.ts';
import { type PolicyDocument, policyDocument } from './policy-document.ts';

/**
 * Policy of a bucket that S3 (who read which object) and load balancers (who asked what) write their logs into, and nobody else: S3
 * for buckets of this account only, balancers below `balancers/` with the account's number in the path, which is how they write.
 */
export const logBucketPolicy = (bucketArn: string, account: string): PolicyDocument =>
  policyDocument(
    ...onlyTls(bucketArn),
    {
      Sid: 'LogsOfBuckets',
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `${bucketArn}/buckets/*`,
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    },
    {
      Sid: 'LogsOfBalancers',
      Effect: 'Allow',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `${bucketArn}/balancers/AWSLogs/${account}/*`,
    },
  );
