import { describeExamples } from './fixtures/describe-examples.ts';
import { serviceTrust } from './service-trust.ts';

const ours = { 'aws:SourceAccount': '111122223333' };
const service = (name: string) => ({ Service: name });

describeExamples('serviceTrust', serviceTrust('eks.amazonaws.com', '111122223333'), {
  allows: [['sts:AssumeRole', ours, service('eks.amazonaws.com')]],
  denies: [
    ['sts:AssumeRole', { 'aws:SourceAccount': '999999999999' }, service('eks.amazonaws.com')],
    ['sts:AssumeRole', {}, service('eks.amazonaws.com')],
    ['sts:AssumeRole', ours, service('lambda.amazonaws.com')],
    ['sts:AssumeRole', ours, { AWS: 'arn:aws:iam::111122223333:user/somebody' }],
  ],
});

describeExamples('serviceTrust without an account', serviceTrust('ec2.amazonaws.com'), {
  allows: [['sts:AssumeRole', {}, service('ec2.amazonaws.com')]],
  denies: [['sts:AssumeRole', {}, service('eks.amazonaws.com')]],
});
