import { type PolicyDocument, policyDocument } from './policy-document.ts';

/** Lets the control plane of a cluster wrap its secrets with one key. */
export const clusterKeyPolicy = (keyArn: string): PolicyDocument =>
  policyDocument({
    Sid: 'WrapSecrets',
    Effect: 'Allow',
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:ListGrants'],
    Resource: keyArn,
  });
