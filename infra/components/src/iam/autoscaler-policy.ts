import { type PolicyDocument, policyDocument } from './policy-document.ts';

/**
 * What the cluster autoscaler may do: see all groups of machines, which AWS cannot narrow, and resize those that EKS tags as this cluster's
 * (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md).
 */
export const autoscalerPolicy = (account: string, region: string, clusterName: string): PolicyDocument =>
  policyDocument(
    {
      Sid: 'See',
      Effect: 'Allow',
      Action: [
        'autoscaling:DescribeAutoScalingGroups',
        'autoscaling:DescribeAutoScalingInstances',
        'autoscaling:DescribeLaunchConfigurations',
        'autoscaling:DescribeScalingActivities',
        'autoscaling:DescribeTags',
        'ec2:DescribeImages',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeLaunchTemplateVersions',
        'ec2:GetInstanceTypesFromInstanceRequirements',
      ],
      Resource: '*',
    },
    {
      Sid: 'SeeNodeGroups',
      Effect: 'Allow',
      Action: 'eks:DescribeNodegroup',
      Resource: `arn:aws:eks:${region}:${account}:nodegroup/${clusterName}/*`,
    },
    {
      Sid: 'ResizeOwnGroups',
      Effect: 'Allow',
      Action: ['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'],
      Resource: `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*`,
      Condition: { StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: 'owned' } },
    },
  );
