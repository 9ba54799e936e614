import { describeExamples } from './fixtures/describe-examples.ts';
import { jobStatePolicy } from './job-state-policy.ts';

const bucket = 'arn:aws:s3:::causeway-prod-artifacts';
const key = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const job = { 'aws:PrincipalTag/kubernetes-service-account': 'flight-delay' };
const asNew = { ...job, 's3:if-none-match': '*' };
const throughS3 = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' };

describeExamples('jobStatePolicy', jobStatePolicy(bucket, key, 'eu-central-1'), {
  allows: [
    [`s3:GetObject ${bucket}/state/registry/models/another-model/versions/1.json`, job],
    [`s3:ListBucket ${bucket}`, job],
    [`s3:PutObject ${bucket}/state/registry/blobs/1`, asNew],
    [`s3:PutObject ${bucket}/state/registry/models/flight-delay/versions/2.json`, asNew],
    [`s3:PutObject ${bucket}/state/registry/models/flight-delay/aliases/challenger/1.json`, asNew],
    [`s3:GetObject ${bucket}/state/predictions/flight-delay/2026-01-01/x.parquet`, job],
    [`s3:GetObject ${bucket}/state/lake/flights/snapshots/1.json`, job],
    [`s3:PutObject ${bucket}/state/lake/flights/snapshots/2.json`, asNew],
    [`s3:GetObject ${bucket}/state/monitor/flight-delay/windows/20260101.json`, job],
    [`s3:PutObject ${bucket}/state/monitor/flight-delay/findings/20260101.json`, asNew],
    [`s3:PutObject ${bucket}/state/retrain/flight-delay/runs/1.json`, asNew],
    [`kms:GenerateDataKey ${key}`, throughS3],
  ],
  denies: [
    [`s3:PutObject ${bucket}/state/registry/models/flight-delay/versions/2.json`, job],
    [`s3:PutObject ${bucket}/state/registry/blobs/1`, job],
    [`s3:PutObject ${bucket}/state/registry/models/another-model/versions/2.json`, asNew],
    [`s3:PutObject ${bucket}/state/registry/models/flight-delay-eu/versions/2.json`, asNew],
    [`s3:PutObject ${bucket}/state/registry/models/flight-delay/versions/2.json`, { 's3:if-none-match': '*' }],
    [`s3:DeleteObject ${bucket}/state/registry/models/flight-delay/versions/2.json`, job],
    [`s3:PutObject ${bucket}/state/predictions/flight-delay/2026-01-01/x.parquet`, asNew],
    [`s3:GetObject ${bucket}/state/predictions/another-model/2026-01-01/x.parquet`, job],
    [`s3:PutObject ${bucket}/state/lake/flights/snapshots/2.json`, job],
    [`s3:DeleteObject ${bucket}/state/lake/flights/snapshots/2.json`, job],
    [`s3:PutObject ${bucket}/state/monitor/flight-delay/findings/20260101.json`, job],
    [`s3:PutObject ${bucket}/state/monitor/another-model/findings/20260101.json`, asNew],
    [`s3:PutObject ${bucket}/state/retrain/another-model/runs/1.json`, asNew],
    ['s3:PutObject arn:aws:s3:::causeway-staging-artifacts/state/registry/blobs/1', asNew],
    [`s3:PutLifecycleConfiguration ${bucket}`, job],
    [`kms:GenerateDataKey ${key}`],
  ],
});
