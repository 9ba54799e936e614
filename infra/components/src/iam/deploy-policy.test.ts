import { boundaryPolicy } from './boundary-policy.ts';
import { deployPolicy } from './deploy-policy.ts';
import { describeExamples } from './fixtures/describe-examples.ts';
import { policyDocument } from './policy-document.ts';

const place = { stack: 'prod', account: '111122223333', region: 'eu-central-1' } as const;
const here = { 'aws:RequestedRegion': 'eu-central-1' };
const worldwide = { 'aws:RequestedRegion': 'us-east-1' };
const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const iam = (rest: string): string => `arn:aws:iam::111122223333:${rest}`;
const bound = { 'iam:PermissionsBoundary': iam('policy/causeway-prod-boundary') };
const ownKey = { ...here, 'aws:ResourceTag/product': 'causeway', 'aws:ResourceTag/stack': 'prod' };
const bySecrets = { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' };
const state = 'arn:aws:s3:::causeway-prod-pulumi-111122223333';

describeExamples('deployPolicy', deployPolicy(place, 'Z1'), {
  boundary: boundaryPolicy(place),
  allows: [
    [`eks:CreateCluster ${arn('eks', 'cluster/causeway-prod-cluster')}`, here],
    [`eks:CreateNodegroup ${arn('eks', 'cluster/causeway-prod-cluster')}`, here],
    [`eks:DeleteNodegroup ${arn('eks', 'nodegroup/causeway-prod-cluster/general/1')}`, here],
    [`eks:UpdateAddon ${arn('eks', 'addon/causeway-prod-cluster/vpc-cni/1')}`, here],
    [`ec2:CreateVpc ${arn('ec2', 'vpc/*')}`, here],
    [`ec2:DeleteNatGateway ${arn('ec2', 'natgateway/nat-1')}`, here],
    ['s3:CreateBucket arn:aws:s3:::causeway-prod-artifacts-111122223333', here],
    ['s3:PutBucketPolicy arn:aws:s3:::causeway-prod-artifacts-111122223333', here],
    ['s3:PutLifecycleConfiguration arn:aws:s3:::causeway-prod-artifacts-111122223333', here],
    [`ecr:CreateRepository ${arn('ecr', 'repository/causeway-prod-inference')}`, here],
    [`elasticache:CreateReplicationGroup ${arn('elasticache', 'replicationgroup:causeway-prod-online-store')}`, here],
    [`secretsmanager:CreateSecret ${arn('secretsmanager', 'secret:causeway-prod-online-store-abc')}`, here],
    [`secretsmanager:PutSecretValue ${arn('secretsmanager', 'secret:causeway-prod-online-store-abc')}`, here],
    [`logs:CreateLogGroup ${arn('logs', 'log-group:causeway-prod-flow-logs')}`, here],
    [`kms:CreateKey ${arn('kms', 'key/*')}`, here],
    [`kms:PutKeyPolicy ${arn('kms', 'key/1')}`, ownKey],
    [`kms:GenerateDataKey ${arn('kms', 'key/1')}`, { ...ownKey, ...bySecrets }],
    [`kms:Decrypt ${arn('kms', 'key/1')}`, { ...ownKey, ...bySecrets }],
    [`kms:CreateGrant ${arn('kms', 'key/1')}`, { ...here, 'kms:GrantIsForAWSResource': 'true' }],
    [`kms:Decrypt ${arn('kms', 'key/2')}`, { ...here, 'kms:ResourceAliases': 'alias/causeway-prod-pulumi' }],
    [`s3:PutObject ${state}/.pulumi/locks/x`, here],
    ['route53:ChangeResourceRecordSets arn:aws:route53:::hostedzone/Z1', worldwide],
    [`iam:CreateRole ${iam('role/causeway-prod-node')}`, bound],
    [`iam:PassRole ${iam('role/causeway-prod-node')}`],
  ],
  denies: [
    [`eks:DeleteCluster ${arn('eks', 'cluster/causeway-staging-cluster')}`, here],
    [`eks:DeleteCluster ${arn('eks', 'cluster/somebody-elses')}`, here],
    [`ec2:CreateVpc ${arn('ec2', 'vpc/*')}`, { 'aws:RequestedRegion': 'ap-south-1' }],
    ['s3:DeleteBucket arn:aws:s3:::somebody-elses', here],
    ['s3:GetObject arn:aws:s3:::causeway-prod-artifacts-111122223333/predictions/flight-delay/x', here],
    ['s3:DeleteObject arn:aws:s3:::causeway-prod-artifacts-111122223333/state/x', here],
    [`s3:DeleteBucket ${state}`, here],
    [`s3:PutBucketVersioning ${state}`, here],
    [`s3:DeleteObjectVersion ${state}/.pulumi/stacks/cluster/prod.json`, here],
    [`secretsmanager:GetSecretValue ${arn('secretsmanager', 'secret:payroll')}`, here],
    [`kms:ScheduleKeyDeletion ${arn('kms', 'key/1')}`, here],
    [`kms:ScheduleKeyDeletion ${arn('kms', 'key/1')}`, { ...ownKey, 'aws:ResourceTag/stack': 'dev' }],
    [`kms:Decrypt ${arn('kms', 'key/1')}`, ownKey],
    [`kms:Decrypt ${arn('kms', 'key/1')}`, { ...here, ...bySecrets }],
    [`kms:GenerateDataKey ${arn('kms', 'key/1')}`, { ...ownKey, 'kms:ViaService': 's3.eu-central-1.amazonaws.com' }],
    [`kms:CreateGrant ${arn('kms', 'key/1')}`, ownKey],
    ['route53:ChangeResourceRecordSets arn:aws:route53:::hostedzone/Z2', worldwide],
    [`iam:CreateRole ${iam('role/causeway-prod-node')}`],
    [`iam:CreateRole ${iam('role/admin')}`, bound],
    [`iam:PutRolePolicy ${iam('role/causeway-prod-node')}`],
    [`iam:PutRolePolicy ${iam('role/causeway-prod-github-deploy')}`, bound],
    [`iam:DeleteRolePermissionsBoundary ${iam('role/causeway-prod-github-deploy')}`],
    [`iam:CreatePolicyVersion ${iam('policy/causeway-prod-boundary')}`],
    [`iam:CreateUser ${iam('user/x')}`],
    [`iam:CreateAccessKey ${iam('user/x')}`],
    ['sts:AssumeRole arn:aws:iam::999999999999:role/elsewhere', here],
    ['organizations:ListAccounts *', here],
  ],
});

const everything = { Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' } as const;

describeExamples('deployPolicy, were it widened', policyDocument(everything, ...deployPolicy(place, 'Z1').Statement), {
  allows: [[`s3:DeleteObject ${state}/.pulumi/locks/x`]],
  denies: [
    [`s3:DeleteBucket ${state}`],
    [`s3:DeleteBucketPolicy ${state}`],
    [`s3:DeleteObjectVersion ${state}/.pulumi/stacks/cluster/prod.json`],
    [`s3:PutBucketPolicy ${state}`],
    [`s3:PutLifecycleConfiguration ${state}`],
  ],
});
