import { clusterKeyPolicy } from './cluster-key-policy.ts';
import { describeExamples } from './fixtures/describe-examples.ts';

const key = 'arn:aws:kms:eu-central-1:111122223333:key/1';

describeExamples('clusterKeyPolicy', clusterKeyPolicy(key), {
  allows: [[`kms:Encrypt ${key}`], [`kms:Decrypt ${key}`], [`kms:DescribeKey ${key}`]],
  denies: [
    ['kms:Decrypt arn:aws:kms:eu-central-1:111122223333:key/2'],
    [`kms:ScheduleKeyDeletion ${key}`],
    [`kms:PutKeyPolicy ${key}`],
    ['s3:GetObject arn:aws:s3:::causeway-prod-artifacts/state/x'],
  ],
});
