import { type PolicyDocument, policyDocument } from './policy-document.ts';

/** Lets the network write its flow logs into one log group (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html). */
export const flowLogPolicy = (logGroupArn: string): PolicyDocument =>
  policyDocument(
    {
      Sid: 'WriteFlowLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
      Resource: [logGroupArn, `${logGroupArn}:log-stream:*`],
    },
    {
      Sid: 'FindGroup',
      Effect: 'Allow',
      Action: 'logs:DescribeLogGroups',
      Resource: logGroupArn.replace(/:log-group:.*$/, ':log-group:*'),
    },
  );
