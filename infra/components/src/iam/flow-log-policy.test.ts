import { describeExamples } from './fixtures/describe-examples.ts';
import { flowLogPolicy } from './flow-log-policy.ts';

const group = 'arn:aws:logs:eu-central-1:111122223333:log-group:causeway-prod-flow-logs';

describeExamples('flowLogPolicy', flowLogPolicy(group), {
  allows: [
    [`logs:CreateLogStream ${group}:log-stream:eni-1`],
    [`logs:PutLogEvents ${group}:log-stream:eni-1`],
    [`logs:DescribeLogStreams ${group}`],
    ['logs:DescribeLogGroups arn:aws:logs:eu-central-1:111122223333:log-group:*'],
  ],
  denies: [
    ['logs:PutLogEvents arn:aws:logs:eu-central-1:111122223333:log-group:another:log-stream:eni-1'],
    [`logs:GetLogEvents ${group}:log-stream:eni-1`],
    [`logs:DeleteLogGroup ${group}`],
    ['s3:PutObject arn:aws:s3:::causeway-prod-artifacts/x'],
  ],
});
