import { expect, it } from 'vitest';
import { boundaryPolicy } from './boundary-policy.ts';
import { describeExamples } from './fixtures/describe-examples.ts';
import { policyDocument } from './policy-document.ts';

const place = { stack: 'prod', account: '111122223333', region: 'eu-central-1' } as const;
const here = { 'aws:RequestedRegion': 'eu-central-1' };
const iam = (rest: string): string => `arn:aws:iam::111122223333:${rest}`;
const state = 'arn:aws:s3:::causeway-prod-pulumi-111122223333';
/** In another account as well as in this one. */
const stateOf = (stack: string): string => `arn:aws:s3:::causeway-${stack}-pulumi-999999999999`;
const bound = { 'iam:PermissionsBoundary': iam('policy/causeway-prod-boundary') };

describeExamples('boundaryPolicy', boundaryPolicy(place), {
  allows: [
    ['s3:GetObject arn:aws:s3:::any/x', here],
    [`s3:DeleteObject ${state}/.pulumi/locks/x`, here],
    ['ec2:RunInstances *', here],
    [`s3:GetObject ${state}/.pulumi/stacks/cluster/prod.json`, here],
    ['kms:Decrypt *', { ...here, 'kms:ResourceAliases': 'alias/causeway-prod-pulumi' }],
    ['route53:ChangeResourceRecordSets *', { 'aws:RequestedRegion': 'us-east-1' }],
    [`iam:CreateRole ${iam('role/causeway-prod-x')}`, bound],
    [`iam:PutRolePolicy ${iam('role/causeway-prod-x')}`, bound],
    [`iam:PassRole ${iam('role/causeway-prod-node')}`],
    [`iam:DeleteRole ${iam('role/causeway-prod-node')}`],
  ],
  denies: [
    ['ec2:RunInstances *', { 'aws:RequestedRegion': 'ap-south-1' }],
    ['ec2:RunInstances *'],
    ['lambda:InvokeFunction *', here],
    [`sts:AssumeRole ${iam('role/admin')}`, here],
    [`s3:DeleteObjectVersion ${state}/.pulumi/stacks/cluster/prod.json`, here],
    [`s3:GetObject ${stateOf('dev')}/.pulumi/stacks/cluster/dev.json`, here],
    [`s3:ListBucket ${stateOf('staging')}`, here],
    ['kms:Decrypt *', { ...here, 'kms:ResourceAliases': 'alias/causeway-staging-pulumi' }],
    ['organizations:LeaveOrganization *', here],
    [`iam:CreateRole ${iam('role/causeway-prod-x')}`],
    [`iam:CreateRole ${iam('role/causeway-prod-x')}`, { 'iam:PermissionsBoundary': iam('policy/none') }],
    [`iam:PutRolePolicy ${iam('role/causeway-prod-x')}`],
    [`iam:CreateRole ${iam('role/admin')}`, bound],
    [`iam:CreateUser ${iam('user/x')}`],
    [`iam:CreateAccessKey ${iam('user/x')}`],
    [`iam:DeleteRolePermissionsBoundary ${iam('role/causeway-prod-x')}`],
    [`iam:CreatePolicyVersion ${iam('policy/causeway-prod-boundary')}`],
    [`iam:SetDefaultPolicyVersion ${iam('policy/causeway-prod-boundary')}`],
    [`iam:UpdateAssumeRolePolicy ${iam('role/causeway-prod-github-deploy')}`],
    [`iam:PutRolePolicy ${iam('role/causeway-prod-github-deploy')}`, bound],
    [`iam:PassRole ${iam('role/causeway-prod-github-deploy')}`],
    [`iam:CreateOpenIDConnectProvider ${iam('oidc-provider/example.com')}`],
  ],
});

const everything = { Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' } as const;

describeExamples('boundaryPolicy, were it widened', policyDocument(everything, ...boundaryPolicy(place).Statement), {
  allows: [[`iam:DeletePolicy ${iam('policy/causeway-prod-x')}`], [`s3:GetObject ${state}/.pulumi/stacks/x.json`]],
  denies: [
    [`iam:CreatePolicyVersion ${iam('policy/causeway-prod-boundary')}`],
    [`iam:DeletePolicy ${iam('policy/causeway-prod-boundary')}`],
    [`iam:DeletePolicyVersion ${iam('policy/causeway-prod-boundary')}`],
    [`iam:SetDefaultPolicyVersion ${iam('policy/causeway-prod-boundary')}`],
    [`iam:AddClientIDToOpenIDConnectProvider ${iam('oidc-provider/x')}`],
    [`iam:CreateOpenIDConnectProvider ${iam('oidc-provider/x')}`],
    [`iam:DeleteOpenIDConnectProvider ${iam('oidc-provider/x')}`],
    [`iam:UpdateOpenIDConnectProviderThumbprint ${iam('oidc-provider/x')}`],
    [`s3:GetObject ${stateOf('dev')}/.pulumi/stacks/cluster/dev.json`],
    [`s3:PutObject ${stateOf('staging')}/.pulumi/stacks/cluster/staging.json`],
    [`s3:DeleteBucket ${stateOf('local')}`],
    ['kms:Encrypt *', { 'kms:ResourceAliases': 'alias/causeway-dev-pulumi' }],
    [`s3:DeleteBucket ${state}`],
    [`s3:DeleteBucketPolicy ${state}`],
    [`s3:DeleteObjectVersion ${state}/.pulumi/stacks/cluster/prod.json`],
    [`s3:PutBucketPolicy ${state}`],
    [`s3:PutLifecycleConfiguration ${state}`],
    [`iam:DeleteRolePermissionsBoundary ${iam('role/causeway-prod-x')}`],
    [`iam:PutRolePolicy ${iam('role/causeway-prod-github-image')}`, bound],
    [`iam:UpdateAssumeRolePolicy ${iam('role/causeway-prod-github-preview')}`],
  ],
});

it('fits into a policy of its own, which holds fewer characters than those of a role', () => {
  expect(JSON.stringify(boundaryPolicy(place)).length).toBeLessThan(6144);
});
