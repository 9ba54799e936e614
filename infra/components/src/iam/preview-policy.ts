import { type PolicyDocument, policyDocument } from './policy-document.ts';
import { type Place, stackArns } from './stack-arns.ts';

/**
 * What the job may do that previews against what stands: read settings, and Pulumi's state with its secrets, and find an image by its digest,
 * which it does before it asks who built that. It reads no object of another bucket, no secret's value, no log, and writes nothing.
 */
export function previewPolicy(place: Place): PolicyDocument {
  const arns = stackArns(place);
  return policyDocument(
    {
      Sid: 'SeeSettings',
      Effect: 'Allow',
      Action: [
        'acm:DescribeCertificate',
        'acm:ListTagsForCertificate',
        'autoscaling:Describe*',
        'ec2:Describe*',
        'ecr:Describe*',
        'ecr:GetLifecyclePolicy',
        'ecr:ListTagsForResource',
        'eks:Describe*',
        'eks:List*',
        'elasticache:Describe*',
        'elasticache:ListTagsForResource',
        'elasticloadbalancing:Describe*',
        'iam:Get*',
        'iam:List*',
        'kms:DescribeKey',
        'kms:GetKey*',
        'kms:List*',
        'logs:DescribeLogGroups',
        'logs:ListTagsForResource',
        'route53:Get*',
        'route53:List*',
        's3:GetBucket*',
        's3:GetEncryptionConfiguration',
        's3:GetLifecycleConfiguration',
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetResourcePolicy',
      ],
      Resource: '*',
    },
    { Sid: 'SignIn', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    { Sid: 'FindImages', Effect: 'Allow', Action: 'ecr:BatchGetImage', Resource: arns.repositories },
    {
      Sid: 'ReadPulumiState',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:ListBucket'],
      Resource: [arns.stateBucket, `${arns.stateBucket}/*`],
    },
    {
      Sid: 'ReadPulumiSecrets',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: arns.keys,
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': arns.stateKey } },
    },
  );
}
