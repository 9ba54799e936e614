import { type PolicyDocument, policyDocument } from './policy-document.ts';
import { type Place, stackArns } from './stack-arns.ts';

/** What the job may do that builds images: add them to the stack's repositories. It deletes none, and tags cannot move. */
export const imagePushPolicy = (place: Place): PolicyDocument =>
  policyDocument(
    // A token for the whole registry; what it opens is said below.
    { Sid: 'SignIn', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    {
      Sid: 'Push',
      Effect: 'Allow',
      Action: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:DescribeImages',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      Resource: stackArns(place).repositories,
    },
  );
