import { describeExamples } from './fixtures/describe-examples.ts';
import { modelStatePolicy } from './model-state-policy.ts';

const bucket = 'arn:aws:s3:::causeway-prod-artifacts';
const key = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const pod = { 'aws:PrincipalTag/kubernetes-service-account': 'flight-delay' };
const asNew = { ...pod, 's3:if-none-match': '*' };
const throughS3 = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' };

describeExamples('modelStatePolicy', modelStatePolicy(bucket, key, 'eu-central-1'), {
  allows: [
    [`s3:GetObject ${bucket}/state/registry/blobs/1`, pod],
    [`s3:ListBucket ${bucket}`, pod],
    [`s3:PutObject ${bucket}/state/predictions/flight-delay/2026-01-01/x.parquet`, asNew],
    [`s3:GetObject ${bucket}/state/monitor/flight-delay/findings/20260101.json`, pod],
    [`kms:Decrypt ${key}`, throughS3],
    [`kms:GenerateDataKey ${key}`, throughS3],
  ],
  denies: [
    [`s3:PutObject ${bucket}/state/registry/models/flight-delay/aliases/champion/1.json`, asNew],
    [`s3:DeleteObject ${bucket}/state/registry/blobs/1`, pod],
    [`s3:PutObject ${bucket}/state/predictions/flight-delay/2026-01-01/x.parquet`, pod],
    [`s3:PutObject ${bucket}/state/predictions/another-model/x.parquet`, asNew],
    [`s3:PutObject ${bucket}/state/predictions/flight-delay/x.parquet`, { 's3:if-none-match': '*' }],
    [`s3:PutObject ${bucket}/predictions/flight-delay/x.parquet`, asNew],
    [`s3:GetObject ${bucket}/state/predictions/flight-delay/x.parquet`, pod],
    [`s3:GetObject ${bucket}/state/monitor/another-model/findings/20260101.json`, pod],
    [`s3:PutObject ${bucket}/state/monitor/flight-delay/findings/20260101.json`, asNew],
    [`s3:DeleteObject ${bucket}/state/predictions/flight-delay/x.parquet`, pod],
    ['s3:GetObject arn:aws:s3:::causeway-staging-artifacts/state/registry/x', pod],
    [`s3:PutBucketPolicy ${bucket}`, pod],
    [`kms:Decrypt ${key}`],
    [`kms:Decrypt ${key}`, { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' }],
  ],
});
