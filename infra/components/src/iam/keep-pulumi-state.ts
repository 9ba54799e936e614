import type { Statement } from './policy-document.ts';

/** No job and no role rewrites what Pulumi knew before: versions and settings of the bucket of its state are kept. Pulumi's own locks may go. */
export const keepPulumiState = (stateBucket: string): Statement => ({
  Sid: 'KeepPulumiState',
  Effect: 'Deny',
  Action: [
    's3:DeleteBucket',
    's3:DeleteBucketPolicy',
    's3:DeleteObjectVersion',
    's3:PutBucket*',
    's3:Put*Configuration',
  ],
  Resource: [stateBucket, `${stateBucket}/*`],
});
