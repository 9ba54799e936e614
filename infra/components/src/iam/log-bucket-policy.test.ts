import { describeExamples } from './fixtures/describe-examples.ts';
import { logBucketPolicy } from './log-bucket-policy.ts';

const bucket = 'arn:aws:s3:::causeway-prod-logs';
const s3 = { Service: 'logging.s3.amazonaws.com' };
const balancers = { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' };
const ours = { 'aws:SourceAccount': '111122223333', 'aws:SecureTransport': 'true' };

describeExamples('logBucketPolicy', logBucketPolicy(bucket, '111122223333'), {
  allows: [
    [`s3:PutObject ${bucket}/buckets/2026-01-01`, ours, s3],
    [`s3:PutObject ${bucket}/balancers/AWSLogs/111122223333/x.log.gz`, {}, balancers],
  ],
  denies: [
    [`s3:PutObject ${bucket}/buckets/2026-01-01`, { 'aws:SourceAccount': '999999999999' }, s3],
    [`s3:PutObject ${bucket}/balancers/AWSLogs/111122223333/x.log.gz`, ours, s3],
    [`s3:PutObject ${bucket}/balancers/AWSLogs/999999999999/x.log.gz`, {}, balancers],
    [`s3:PutObject ${bucket}/buckets/2026-01-01`, { ...ours, 'aws:SecureTransport': 'false' }, s3],
    [`s3:GetObject ${bucket}/buckets/2026-01-01`, ours, s3],
    [`s3:GetObject ${bucket}/buckets/2026-01-01`, ours, { AWS: 'arn:aws:iam::111122223333:role/causeway-prod-models' }],
  ],
});
