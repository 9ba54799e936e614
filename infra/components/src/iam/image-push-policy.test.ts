import { describeExamples } from './fixtures/describe-examples.ts';
import { imagePushPolicy } from './image-push-policy.ts';

const place = { stack: 'prod', account: '111122223333', region: 'eu-central-1' } as const;
const repository = 'arn:aws:ecr:eu-central-1:111122223333:repository/causeway-prod-inference';

describeExamples('imagePushPolicy', imagePushPolicy(place), {
  allows: [
    ['ecr:GetAuthorizationToken *'],
    [`ecr:PutImage ${repository}`],
    [`ecr:InitiateLayerUpload ${repository}`],
    [`ecr:BatchGetImage ${repository}`],
  ],
  denies: [
    [`ecr:BatchDeleteImage ${repository}`],
    [`ecr:PutImageTagMutability ${repository}`],
    [`ecr:SetRepositoryPolicy ${repository}`],
    [`ecr:DeleteRepository ${repository}`],
    ['ecr:PutImage arn:aws:ecr:eu-central-1:111122223333:repository/causeway-staging-inference'],
    ['ecr:PutImage arn:aws:ecr:eu-central-1:111122223333:repository/somebody-elses'],
    ['eks:DescribeCluster arn:aws:eks:eu-central-1:111122223333:cluster/causeway-prod-cluster'],
    ['s3:GetObject arn:aws:s3:::causeway-prod-artifacts/state/x'],
  ],
});
