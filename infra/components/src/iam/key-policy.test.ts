import { deployPolicy } from './deploy-policy.ts';
import { describeExamples } from './fixtures/describe-examples.ts';
import { keyPolicy } from './key-policy.ts';
import { policyDocument } from './policy-document.ts';

const role = { AWS: 'arn:aws:iam::111122223333:role/causeway-prod-models' };
const logs = { Service: 'logs.eu-central-1.amazonaws.com' };
const group = (arn: string) => ({ 'kms:EncryptionContext:aws:logs:arn': arn });
const via = (service: string) => ({ 'kms:ViaService': `${service}.amazonaws.com` });
const place = { account: '111122223333', region: 'eu-central-1' };
/** Of a role that may use every key, were it for the role alone. */
const identity = policyDocument({ Sid: 'AnyKey', Effect: 'Allow', Action: 'kms:*', Resource: '*' });

describeExamples('keyPolicy', keyPolicy({ ...place, services: ['s3', 'ecr'], logs: true }), {
  identity,
  allows: [
    ['kms:Decrypt', via('s3.eu-central-1'), role],
    ['kms:GenerateDataKey', via('ecr.eu-central-1'), role],
    ['kms:ScheduleKeyDeletion', {}, role],
    ['kms:Decrypt', group('arn:aws:logs:eu-central-1:111122223333:log-group:/causeway'), logs],
  ],
  denies: [
    ['kms:Decrypt', {}, role],
    ['kms:CreateGrant', {}, role],
    ['kms:Decrypt', via('secretsmanager.eu-central-1'), role],
    ['kms:Decrypt', via('s3.us-east-1'), role],
    ['kms:Decrypt', via('s3.eu-central-1'), { AWS: 'arn:aws:iam::999999999999:role/stranger' }],
    ['kms:PutKeyPolicy', {}, { AWS: 'arn:aws:iam::999999999999:role/stranger' }],
    ['kms:Decrypt', group('arn:aws:logs:eu-central-1:999999999999:log-group:/stranger'), logs],
    ['kms:Decrypt', {}, logs],
  ],
});

describeExamples(
  'keyPolicy, where a role has no rights of its own',
  keyPolicy({ ...place, services: ['s3'], logs: true }),
  {
    allows: [['kms:Decrypt', group('arn:aws:logs:eu-central-1:111122223333:log-group:/causeway'), logs]],
    denies: [
      ['kms:Decrypt', via('s3.eu-central-1'), role],
      ['kms:ScheduleKeyDeletion', {}, role],
    ],
  },
);

const key = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const owned = { 'aws:ResourceTag/product': 'causeway', 'aws:ResourceTag/stack': 'prod' };
const ownSecret = { ...owned, ...via('secretsmanager.eu-central-1') };

describeExamples(
  'keyPolicy and deployPolicy together',
  keyPolicy({ ...place, services: ['s3', 'secretsmanager'], logs: false }),
  {
    identity: deployPolicy({ ...place, stack: 'prod' }, 'Z1'),
    allows: [
      [`kms:GenerateDataKey ${key}`, ownSecret, role],
      [`kms:Decrypt ${key}`, ownSecret, role],
    ],
    denies: [
      [`kms:Decrypt ${key}`, owned, role],
      [`kms:Decrypt ${key}`, { ...owned, ...via('s3.eu-central-1') }, role],
      [`kms:Decrypt ${key}`, { ...ownSecret, 'aws:ResourceTag/stack': 'dev' }, role],
    ],
  },
);

describeExamples(
  'keyPolicy of a key for nothing but secrets',
  keyPolicy({ ...place, services: ['secretsmanager'], logs: false }),
  {
    identity,
    allows: [['kms:Decrypt', via('secretsmanager.eu-central-1'), role]],
    denies: [
      ['kms:Decrypt', via('s3.eu-central-1'), role],
      ['kms:Decrypt', group('arn:aws:logs:eu-central-1:111122223333:log-group:/causeway'), logs],
    ],
  },
);

const controlPlane = 'arn:aws:iam::111122223333:role/causeway-prod-control-plane';
const byArn = (arn: string) => [{ 'aws:PrincipalArn': arn }, { AWS: arn }] as const;
const forService = { 'kms:GrantIsForAWSResource': 'true' };

describeExamples(
  'keyPolicy of a key that a role uses',
  keyPolicy({ ...place, services: ['eks'], logs: false, role: controlPlane }),
  {
    identity,
    allows: [
      ['kms:Decrypt', ...byArn(controlPlane)],
      ['kms:CreateGrant', forService, role],
    ],
    denies: [
      ['kms:Decrypt', ...byArn(role.AWS)],
      ['kms:GenerateDataKey', ...byArn(controlPlane)],
      ['kms:CreateGrant', {}, role],
      ['kms:CreateGrant', forService, { AWS: 'arn:aws:iam::999999999999:role/stranger' }],
    ],
  },
);
