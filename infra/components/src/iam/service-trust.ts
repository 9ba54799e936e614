import { type PolicyDocument, policyDocument } from './policy-document.ts';

/**
 * Lets a service of AWS take a role. `account` keeps it to what the service does for that account, so that nobody else can have it take
 * ours (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html); left out for EC2, which does not say whom it works for.
 */
export const serviceTrust = (service: string, account?: string): PolicyDocument =>
  policyDocument({
    Sid: 'TakenByTheService',
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    ...(account === undefined ? {} : { Condition: { StringEquals: { 'aws:SourceAccount': account } } }),
  });
