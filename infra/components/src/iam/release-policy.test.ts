import { boundaryPolicy } from './boundary-policy.ts';
import { describeExamples } from './fixtures/describe-examples.ts';
import { releasePolicy } from './release-policy.ts';

const place = { stack: 'prod', account: '111122223333', region: 'eu-central-1' } as const;
const here = { 'aws:RequestedRegion': 'eu-central-1' };
const asNew = { ...here, 's3:if-none-match': '*' };
const bucket = 'arn:aws:s3:::causeway-prod-artifacts-111122223333';
const key = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const ownKey = { ...here, 'aws:ResourceTag/product': 'causeway', 'aws:ResourceTag/stack': 'prod' };
const throughS3 = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' };

describeExamples('releasePolicy', releasePolicy(place), {
  boundary: boundaryPolicy(place),
  allows: [
    [`s3:GetObject ${bucket}/state/registry/models/flight-delay/evidence/2/report.json/1.json`, here],
    [`s3:ListBucket ${bucket}`, here],
    [`s3:PutObject ${bucket}/state/registry/models/flight-delay/aliases/champion/2.json`, asNew],
    [`s3:PutObject ${bucket}/state/registry/blobs/1`, asNew],
    [`kms:GenerateDataKey ${key}`, { ...ownKey, ...throughS3 }],
  ],
  denies: [
    [`s3:PutObject ${bucket}/state/registry/models/flight-delay/aliases/champion/2.json`, here],
    [`s3:DeleteObject ${bucket}/state/registry/models/flight-delay/aliases/champion/2.json`, here],
    [`s3:GetObject ${bucket}/state/predictions/flight-delay/2026-01-01/x.parquet`, here],
    [`s3:PutObject ${bucket}/state/predictions/flight-delay/2026-01-01/x.parquet`, asNew],
    ['s3:PutObject arn:aws:s3:::causeway-staging-artifacts-111122223333/state/registry/blobs/1', asNew],
    ['s3:GetObject arn:aws:s3:::causeway-prod-pulumi-111122223333/.pulumi/stacks/cluster/prod.json', here],
    [`kms:GenerateDataKey ${key}`, ownKey],
    [`kms:GenerateDataKey ${key}`, { ...here, ...throughS3 }],
    ['eks:DescribeCluster arn:aws:eks:eu-central-1:111122223333:cluster/causeway-prod-cluster', here],
  ],
});
