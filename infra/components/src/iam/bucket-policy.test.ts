import { bucketPolicy } from './bucket-policy.ts';
import { describeExamples } from './fixtures/describe-examples.ts';
import { policyDocument } from './policy-document.ts';

const bucket = 'arn:aws:s3:::causeway-prod-artifacts';
const key = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const tls = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
const encryption = (method: string, id: string) => ({
  ...tls,
  's3:x-amz-server-side-encryption': method,
  's3:x-amz-server-side-encryption-aws-kms-key-id': id,
});
/** The policy allows nothing: here beside somebody who may do everything, as the account's root may. */
const everything = { Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' } as const;

describeExamples('bucketPolicy', policyDocument(everything, ...bucketPolicy(bucket, key).Statement), {
  allows: [
    [`s3:GetObject ${bucket}/x`, tls],
    [`s3:PutObject ${bucket}/x`, tls],
    [`s3:PutObject ${bucket}/x`, encryption('aws:kms', key)],
    [`s3:ListBucket ${bucket}`, { ...tls, 's3:TlsVersion': '1.2' }],
  ],
  denies: [
    [`s3:GetObject ${bucket}/x`, { 'aws:SecureTransport': 'false' }],
    [`s3:ListBucket ${bucket}`, { 'aws:SecureTransport': 'false' }],
    [`s3:GetObject ${bucket}/x`, { ...tls, 's3:TlsVersion': '1.1' }],
    [`s3:PutObject ${bucket}/x`, encryption('aws:kms', `${key}2`)],
    [`s3:PutObject ${bucket}/x`, { ...tls, 's3:x-amz-server-side-encryption': 'AES256' }],
  ],
});

describeExamples(
  'bucketPolicy of another bucket',
  policyDocument(everything, ...bucketPolicy(`${bucket}-2`, key).Statement),
  {
    allows: [[`s3:GetObject ${bucket}/x`, { 'aws:SecureTransport': 'false' }]],
    denies: [[`s3:GetObject ${bucket}-2/x`, { 'aws:SecureTransport': 'false' }]],
  },
);
