import { keepPulumiState } from './keep-pulumi-state.ts';
import { type PolicyDocument, policyDocument } from './policy-document.ts';
import { type Place, stackArns } from './stack-arns.ts';

/**
 * Services that any role of a stack has to do with. What is missing here no role can use, whatever its own policy says: sts above all, or a
 * role made within the bound could take one without it. Asking who one is (sts:GetCallerIdentity) needs no right.
 */
const services = [
  'acm',
  'autoscaling',
  'ec2',
  'ecr',
  'eks',
  'eks-auth',
  'elasticache',
  'elasticloadbalancing',
  'kms',
  'logs',
  'route53',
  's3',
  'secretsmanager',
] as const;

/** Regions in which a role may act: its own, and the one by which AWS's worldwide services are asked. */
const regionsOf = (region: string): readonly string[] => [...new Set([region, 'us-east-1'])];

/** What lets nobody out: the bound itself, the roles of GitHub's jobs and whom AWS trusts are changed by a person. */
const tampering = [
  'iam:AddClientIDToOpenIDConnectProvider',
  'iam:CreateOpenIDConnectProvider',
  'iam:CreatePolicyVersion',
  'iam:DeleteOpenIDConnectProvider',
  'iam:DeletePolicy',
  'iam:DeletePolicyVersion',
  'iam:SetDefaultPolicyVersion',
  'iam:UpdateOpenIDConnectProviderThumbprint',
] as const;

/**
 * The most that any role of a stack can do, those included that a deployment makes: other services and other regions are out of reach, and so
 * are people's accounts, for no IAM action is allowed but work on the stack's own roles that carry this bound as well. Nor does any rewrite what Pulumi knew
 * before, or see what it knows of another stack
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html, delegation). Allows nothing by itself.
 */
export function boundaryPolicy(place: Place): PolicyDocument {
  const arns = stackArns(place);
  return policyDocument(
    {
      Sid: 'ServicesInReach',
      Effect: 'Allow',
      Action: services.map((service) => `${service}:*`),
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': regionsOf(place.region) } },
    },
    { Sid: 'SeeRoles', Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' },
    {
      Sid: 'MakeBoundRoles',
      Effect: 'Allow',
      Action: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DetachRolePolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      Resource: arns.roles,
      Condition: { StringEquals: { 'iam:PermissionsBoundary': arns.boundary } },
    },
    {
      Sid: 'KeepRoles',
      Effect: 'Allow',
      Action: [
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:PassRole',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
      ],
      Resource: arns.roles,
    },
    {
      Sid: 'RolesOfServices',
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: `arn:aws:iam::${place.account}:role/aws-service-role/*`,
    },
    { Sid: 'KeepTheBound', Effect: 'Deny', Action: tampering, Resource: [arns.boundary, arns.oidcProviders] },
    {
      Sid: 'KeepGithubRoles',
      Effect: 'Deny',
      Action: ['iam:Attach*', 'iam:Create*', 'iam:Delete*', 'iam:Detach*', 'iam:PassRole', 'iam:Put*', 'iam:Update*'],
      Resource: arns.githubRoles,
    },
    keepPulumiState(arns.stateBucket),
    {
      Sid: 'KeepOutOfOtherState',
      Effect: 'Deny',
      Action: 's3:*',
      Resource: arns.otherStateBuckets.flatMap((bucket) => [bucket, `${bucket}/*`]),
    },
    {
      Sid: 'KeepOutOfOtherSecrets',
      Effect: 'Deny',
      Action: 'kms:*',
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': arns.otherStateKeys } },
    },
    { Sid: 'KeepTheBoundOnRoles', Effect: 'Deny', Action: 'iam:DeleteRolePermissionsBoundary', Resource: '*' },
  );
}
