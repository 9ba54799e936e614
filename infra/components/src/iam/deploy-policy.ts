import { keepPulumiState } from './keep-pulumi-state.ts';
import { type PolicyDocument, policyDocument, type Statement } from './policy-document.ts';
import { ownTags, type Place, stackArns } from './stack-arns.ts';

/** Services whose ARNs hold a name that we choose: a deployment works on the stack's own things, and on nothing else of the account. */
const onOwnThings = (arns: ReturnType<typeof stackArns>): readonly Statement[] => [
  {
    Sid: 'Buckets',
    Effect: 'Allow',
    Action: [
      's3:CreateBucket',
      's3:DeleteBucket',
      's3:DeleteBucketPolicy',
      's3:GetBucket*',
      's3:Get*Configuration',
      's3:ListBucket*',
      's3:PutBucket*',
      's3:Put*Configuration',
      's3:*TagResource',
    ],
    Resource: arns.buckets,
  },
  {
    Sid: 'Repositories',
    Effect: 'Allow',
    Action: [
      'ecr:CreateRepository',
      'ecr:Delete*',
      'ecr:Describe*',
      'ecr:Get*',
      'ecr:List*',
      'ecr:Put*',
      'ecr:*TagResource',
    ],
    Resource: arns.repositories,
  },
  {
    Sid: 'Clusters',
    Effect: 'Allow',
    Action: [
      'eks:AccessKubernetesApi',
      'eks:AssociateAccessPolicy',
      'eks:Create*',
      'eks:Delete*',
      'eks:Describe*',
      'eks:DisassociateAccessPolicy',
      'eks:List*',
      'eks:Update*',
      'eks:*TagResource',
    ],
    Resource: [arns.clusters, `${arns.clusters}/*`],
  },
  {
    Sid: 'Caches',
    Effect: 'Allow',
    Action: [
      'elasticache:*TagsToResource',
      'elasticache:*TagsFromResource',
      'elasticache:Create*',
      'elasticache:Delete*',
      'elasticache:Modify*',
    ],
    Resource: arns.caches,
  },
  {
    Sid: 'Secrets',
    Effect: 'Allow',
    Action: [
      'secretsmanager:*Secret',
      'secretsmanager:*Resource',
      'secretsmanager:*SecretValue',
      'secretsmanager:GetResourcePolicy',
    ],
    Resource: arns.secrets,
  },
  {
    Sid: 'LogGroups',
    Effect: 'Allow',
    Action: [
      'logs:*LogGroup',
      'logs:*RetentionPolicy',
      'logs:*TagResource',
      'logs:AssociateKmsKey',
      'logs:ListTagsForResource',
    ],
    Resource: arns.logGroups.flatMap((group) => [group, `${group}:*`]),
  },
];

/** Services that number what they make: only the region can be told. */
const inTheRegion = (region: string): Statement => ({
  Sid: 'NumberedThings',
  Effect: 'Allow',
  Action: [
    'acm:*Certificate*',
    'autoscaling:*LoadBalancerTargetGroups',
    'autoscaling:*TrafficSources',
    'autoscaling:Describe*',
    'ec2:Allocate*',
    'ec2:Associate*',
    'ec2:Attach*',
    'ec2:Authorize*',
    'ec2:Create*',
    'ec2:Delete*',
    'ec2:Describe*',
    'ec2:Detach*',
    'ec2:Disassociate*',
    'ec2:Modify*',
    'ec2:Release*',
    'ec2:Revoke*',
    'ec2:RunInstances',
    'elasticache:Describe*',
    'elasticache:List*',
    'elasticloadbalancing:*Tags',
    'elasticloadbalancing:Create*',
    'elasticloadbalancing:De*',
    'elasticloadbalancing:Modify*',
    'elasticloadbalancing:RegisterTargets',
    'elasticloadbalancing:Set*',
    'kms:CreateKey',
    'kms:DescribeKey',
    'kms:Get*',
    'kms:List*',
    'kms:TagResource',
    'logs:DescribeLogGroups',
  ],
  Resource: '*',
  Condition: { StringEquals: { 'aws:RequestedRegion': region } },
});

const withKeys = ({ stack, region }: Place, arns: ReturnType<typeof stackArns>): readonly Statement[] => [
  {
    Sid: 'OwnKeys',
    Effect: 'Allow',
    Action: [
      'kms:*Alias',
      'kms:*KeyRotation',
      'kms:PutKeyPolicy',
      'kms:ScheduleKeyDeletion',
      'kms:UntagResource',
      'kms:UpdateKeyDescription',
    ],
    Resource: arns.keys,
    Condition: { StringEquals: ownTags(stack) },
  },
  {
    // The key lets nobody encrypt by itself: Secrets Manager asks in the name of whoever writes a secret.
    Sid: 'WriteSecrets',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: arns.keys,
    Condition: { StringEquals: { ...ownTags(stack), 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
  },
  {
    Sid: 'GrantToServices',
    Effect: 'Allow',
    Action: 'kms:CreateGrant',
    Resource: arns.keys,
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  },
  { Sid: 'OwnKeyAliases', Effect: 'Allow', Action: 'kms:*Alias', Resource: arns.keyAliases },
  {
    Sid: 'PulumiSecrets',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:Encrypt'],
    Resource: arns.keys,
    Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': arns.stateKey } },
  },
];

const withState = ({ stateBucket }: ReturnType<typeof stackArns>): readonly Statement[] => [
  {
    Sid: 'PulumiState',
    Effect: 'Allow',
    Action: ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
    Resource: [stateBucket, `${stateBucket}/*`],
  },
  keepPulumiState(stateBucket),
];

/**
 * What the job may do that deploys a stack: make, change and remove its things and keep Pulumi's state. Roles it makes only with the stack's
 * bound, and not those of GitHub's jobs: `boundary-policy.ts` says so, and holds for this role as well. It reads no object of the buckets
 * that it makes. `zoneId` is the DNS zone in which it may write records.
 */
export function deployPolicy(place: Place, zoneId: string): PolicyDocument {
  const arns = stackArns(place);
  return policyDocument(
    ...onOwnThings(arns),
    inTheRegion(place.region),
    ...withKeys(place, arns),
    ...withState(arns),
    {
      Sid: 'Records',
      Effect: 'Allow',
      Action: ['route53:ChangeResourceRecordSets', 'route53:GetHostedZone', 'route53:List*'],
      Resource: `arn:aws:route53:::hostedzone/${zoneId}`,
    },
    { Sid: 'RecordChanges', Effect: 'Allow', Action: 'route53:GetChange', Resource: 'arn:aws:route53:::change/*' },
    { Sid: 'SeeRoles', Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' },
    {
      Sid: 'Roles',
      Effect: 'Allow',
      Action: ['iam:*Role', 'iam:*RolePolicy', 'iam:PutRolePermissionsBoundary', 'iam:UpdateAssumeRolePolicy'],
      Resource: arns.roles,
    },
    {
      Sid: 'RolesOfServices',
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: `arn:aws:iam::${place.account}:role/aws-service-role/*`,
    },
  );
}
