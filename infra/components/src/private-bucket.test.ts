import { expect, test } from 'vitest';
import { declaredBy, settled, stackArgs } from './fixtures/declared-by.ts';
import { policyDocument } from './iam/policy-document.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { Stack } from './stack.ts';

let made: PrivateBucket | undefined;
const policy = (arn: string) =>
  policyDocument({ Sid: 'Refuse', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `${arn}/*` });
const declare = (stack: Stack, keyArn?: string) =>
  declaredBy(() => {
    const key = keyArn === undefined ? {} : { keyArn };
    made = new PrivateBucket('notes', { ...stackArgs(stack), purpose: 'notes', policy, lifecycle: [], ...key });
  });
const prod = await declare('prod', 'arn:key');
const { arn, name } = made as unknown as PrivateBucket;
const dev = await declare('dev');
const bucketName = 'causeway-prod-notes-111122223333';

test('its name and ARN are known to whoever made it', async () => {
  expect([await settled(name), await settled(arn)]).toEqual([bucketName, `arn:aws:s3:::${bucketName}`]);
});

test('nobody from outside reaches it, and whoever writes into it does not own what was written', () => {
  expect(Object.values(prod.one('PublicAccessBlock')).filter((value) => value === true)).toHaveLength(4);
  expect(prod.one('BucketOwnershipControls').rule).toEqual({ objectOwnership: 'BucketOwnerEnforced' });
});

test('it keeps every version', () => {
  expect(prod.one('bucketVersioning:BucketVersioning').versioningConfiguration).toEqual({ status: 'Enabled' });
});

test('with a key it encrypts with that one, without with one of S3', () => {
  const methodOf = (declared: typeof prod) => declared.one('ServerSideEncryptionConfiguration').rules[0];
  expect(methodOf(prod)).toEqual({
    applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: 'arn:key' },
    bucketKeyEnabled: true,
  });
  expect(methodOf(dev)).toEqual({
    applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' },
    bucketKeyEnabled: false,
  });
});

test('the policy it is given is about this bucket', () => {
  const { Statement } = JSON.parse(prod.one('bucketPolicy:BucketPolicy').policy);
  expect(Statement[0].Resource).toBe(`arn:aws:s3:::${bucketName}/*`);
});

test('`destroy` takes its content along everywhere but in prod', () => {
  expect([dev, prod].map((declared) => declared.one('s3/bucket:Bucket').forceDestroy)).toEqual([true, false]);
});
