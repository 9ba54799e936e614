import { boundaryPolicy } from './boundary-policy.ts';
import { describeExamples } from './fixtures/describe-examples.ts';
import { previewPolicy } from './preview-policy.ts';

const place = { stack: 'prod', account: '111122223333', region: 'eu-central-1' } as const;
const here = { 'aws:RequestedRegion': 'eu-central-1' };
const key = 'arn:aws:kms:eu-central-1:111122223333:key/1';

describeExamples('previewPolicy', previewPolicy(place), {
  boundary: boundaryPolicy(place),
  allows: [
    ['eks:DescribeCluster arn:aws:eks:eu-central-1:111122223333:cluster/causeway-prod-cluster', here],
    ['s3:GetBucketPolicy arn:aws:s3:::causeway-prod-artifacts', here],
    ['ecr:GetAuthorizationToken *', here],
    ['ecr:BatchGetImage arn:aws:ecr:eu-central-1:111122223333:repository/causeway-prod-inference', here],
    ['iam:GetRole arn:aws:iam::111122223333:role/causeway-prod-models'],
    ['s3:GetObject arn:aws:s3:::causeway-prod-pulumi-111122223333/.pulumi/stacks/cluster/prod.json', here],
    [`kms:Decrypt ${key}`, { ...here, 'kms:ResourceAliases': 'alias/causeway-prod-pulumi' }],
  ],
  denies: [
    ['s3:PutObject arn:aws:s3:::causeway-prod-pulumi-111122223333/.pulumi/stacks/cluster/prod.json', here],
    ['s3:GetObject arn:aws:s3:::causeway-prod-artifacts-111122223333/predictions/flight-delay/x', here],
    [
      'secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-central-1:111122223333:secret:causeway-prod-online-store',
      here,
    ],
    [`kms:Decrypt ${key}`, { ...here, 'kms:ResourceAliases': 'alias/causeway-prod-storage' }],
    [`kms:Decrypt ${key}`, here],
    ['logs:GetLogEvents arn:aws:logs:eu-central-1:111122223333:log-group:x:log-stream:y', here],
    ['eks:UpdateClusterConfig arn:aws:eks:eu-central-1:111122223333:cluster/causeway-prod-cluster', here],
    ['eks:DescribeCluster arn:aws:eks:ap-south-1:111122223333:cluster/x', { 'aws:RequestedRegion': 'ap-south-1' }],
    ['ecr:BatchGetImage arn:aws:ecr:eu-central-1:111122223333:repository/another', here],
    ['ecr:PutImage arn:aws:ecr:eu-central-1:111122223333:repository/causeway-prod-inference', here],
    ['iam:CreateRole arn:aws:iam::111122223333:role/causeway-prod-x'],
    ['ec2:RunInstances *', here],
  ],
});
