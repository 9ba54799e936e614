import { describeExamples } from './fixtures/describe-examples.ts';
import { modelStatePolicy } from './model-state-policy.ts';

const bucket = 'arn:aws:s3:::causeway-prod-artifacts';
const key = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const pod = { 'aws:PrincipalTag/kubernetes-service-account': 'flight-delay' };
const throughS3 = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' };

describeExamples('modelStatePolicy', modelStatePolicy(bucket, key, 'eu-central-1'), {
  allows: [
    [`s3:GetObject ${bucket}/state/registry/blobs/1`, pod],
    [`s3:ListBucket ${bucket}`, pod],
    [`s3:PutObject ${bucket}/predictions/flight-delay/2026-01-01/x.parquet`, pod],
    [`kms:Decrypt ${key}`, throughS3],
    [`kms:GenerateDataKey ${key}`, throughS3],
  ],
  denies: [
    [`s3:PutObject ${bucket}/state/registry/aliases/flight-delay`, pod],
    [`s3:DeleteObject ${bucket}/state/registry/blobs/1`, pod],
    [`s3:PutObject ${bucket}/predictions/another-model/x.parquet`, pod],
    [`s3:PutObject ${bucket}/predictions/flight-delay/x.parquet`],
    [`s3:GetObject ${bucket}/predictions/flight-delay/x.parquet`, pod],
    [`s3:DeleteObject ${bucket}/predictions/flight-delay/x.parquet`, pod],
    ['s3:GetObject arn:aws:s3:::causeway-staging-artifacts/state/x', pod],
    [`s3:PutBucketPolicy ${bucket}`, pod],
    [`kms:Decrypt ${key}`],
    [`kms:Decrypt ${key}`, { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' }],
  ],
});
