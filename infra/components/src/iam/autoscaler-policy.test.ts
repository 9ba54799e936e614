import { autoscalerPolicy } from './autoscaler-policy.ts';
import { describeExamples } from './fixtures/describe-examples.ts';

const group = 'arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:1:autoScalingGroupName/eks-general';
const own = { 'aws:ResourceTag/k8s.io/cluster-autoscaler/causeway-prod-cluster': 'owned' };

describeExamples('autoscalerPolicy', autoscalerPolicy('111122223333', 'eu-central-1', 'causeway-prod-cluster'), {
  allows: [
    ['autoscaling:DescribeAutoScalingGroups *'],
    ['ec2:DescribeInstanceTypes *'],
    ['eks:DescribeNodegroup arn:aws:eks:eu-central-1:111122223333:nodegroup/causeway-prod-cluster/general/1'],
    [`autoscaling:SetDesiredCapacity ${group}`, own],
    [`autoscaling:TerminateInstanceInAutoScalingGroup ${group}`, own],
  ],
  denies: [
    [`autoscaling:SetDesiredCapacity ${group}`],
    [
      `autoscaling:SetDesiredCapacity ${group}`,
      { 'aws:ResourceTag/k8s.io/cluster-autoscaler/causeway-dev-cluster': 'owned' },
    ],
    [`autoscaling:DeleteAutoScalingGroup ${group}`, own],
    [`autoscaling:UpdateAutoScalingGroup ${group}`, own],
    ['ec2:RunInstances *'],
    ['eks:DescribeNodegroup arn:aws:eks:eu-central-1:111122223333:nodegroup/causeway-dev-cluster/general/1'],
  ],
});
