import { type PolicyDocument, policyDocument, type Statement } from './policy-document.ts';

/** Refuses whoever comes without TLS, or with a version before 1.2. */
export const onlyTls = (bucketArn: string): readonly Statement[] => [
  {
    Sid: 'RefusePlainHttp',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  },
  {
    Sid: 'RefuseOldTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
  },
];

/**
 * Policy of a bucket whose objects are encrypted by one key. A write that names no encryption gets the bucket's default, which is that key; one
 * that names another key or method is refused. Allows nothing: who may read and write is said by roles.
 */
export const bucketPolicy = (bucketArn: string, keyArn: string): PolicyDocument =>
  policyDocument(
    ...onlyTls(bucketArn),
    {
      Sid: 'RefuseOtherKeys',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${bucketArn}/*`,
      Condition: {
        Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
        StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn },
      },
    },
    {
      Sid: 'RefuseOtherEncryption',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${bucketArn}/*`,
      Condition: {
        Null: { 's3:x-amz-server-side-encryption': 'false' },
        StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      },
    },
  );
