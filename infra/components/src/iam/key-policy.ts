import { type PolicyDocument, policyDocument, type Statement } from './policy-document.ts';

/** What an encryption key serves. */
export interface KeyUse {
  readonly account: string;
  readonly region: string;
  /** Services that use it on behalf of whoever may use them: `s3`, `ecr`. */
  readonly services: readonly string[];
  /** Whether CloudWatch encrypts logs of the account with it. */
  readonly logs: boolean;
  /** ARN of a role that uses it by itself, as the control plane of EKS does; it need not exist yet. Left out: none does. */
  readonly role?: string | undefined;
}

/** No grant among it, which would let its maker use the key after all. */
const administer = [
  'kms:CreateAlias',
  'kms:Describe*',
  'kms:Enable*',
  'kms:List*',
  'kms:Put*',
  'kms:Update*',
  'kms:Revoke*',
];
const retire = ['kms:Disable*', 'kms:Get*', 'kms:Delete*', 'kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion'];
const tag = ['kms:TagResource', 'kms:UntagResource'];
const use = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:DescribeKey',
  'kms:CreateGrant',
];

/** A condition instead of a principal, which would have to exist before the key. Whoever makes a cluster hands EKS a grant besides. */
const byRole = (everybodyHere: Statement['Principal'] & object, role: string): readonly Statement[] => [
  {
    Sid: 'UseByRole',
    Effect: 'Allow',
    Principal: everybodyHere,
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:ListGrants'],
    Resource: '*',
    Condition: { ArnLike: { 'aws:PrincipalArn': role } },
  },
  {
    Sid: 'GrantToServices',
    Effect: 'Allow',
    Principal: everybodyHere,
    Action: 'kms:CreateGrant',
    Resource: '*',
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  },
];

/**
 * Policy of an encryption key: the account's IAM says who administers it, and nobody encrypts or decrypts but through the services that it is
 * for, so that a leaked credential cannot use the key by itself. `Resource: *` is the key that the policy hangs on.
 */
export function keyPolicy({ account, region, services, logs, role }: KeyUse): PolicyDocument {
  const everybodyHere = { AWS: `arn:aws:iam::${account}:root` };
  const throughServices: Statement = {
    Sid: 'UseThroughServices',
    Effect: 'Allow',
    Principal: everybodyHere,
    Action: use,
    Resource: '*',
    Condition: { StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.amazonaws.com`) } },
  };
  const forLogs: Statement = {
    Sid: 'EncryptLogs',
    Effect: 'Allow',
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    Resource: '*',
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${account}:log-group:*` } },
  };
  return policyDocument(
    ...(role === undefined ? [] : byRole(everybodyHere, role)),
    {
      Sid: 'Administer',
      Effect: 'Allow',
      Principal: everybodyHere,
      Action: [...administer, ...retire, ...tag],
      Resource: '*',
    },
    ...(services.length === 0 ? [] : [throughServices]),
    ...(logs ? [forLogs] : []),
  );
}
