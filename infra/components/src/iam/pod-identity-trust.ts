import { type PolicyDocument, policyDocument } from './policy-document.ts';

/** Pods that may take a role. */
export interface PodIdentity {
  readonly clusterName: string;
  readonly namespace: string;
  /** Left out: every service account of the namespace, of those that an association gives the role to. */
  readonly serviceAccount?: string;
}

/**
 * Lets pods of one namespace of one cluster take a role through EKS Pod Identity, which tags each session with where the pod is
 * (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html). Without the conditions an association made in any cluster of the
 * account could hand it out.
 */
export const podIdentityTrust = (
  account: string,
  { clusterName, namespace, serviceAccount }: PodIdentity,
): PolicyDocument =>
  policyDocument({
    Sid: 'TakenByPods',
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: {
      StringEquals: {
        'aws:SourceAccount': account,
        'aws:RequestTag/eks-cluster-name': clusterName,
        'aws:RequestTag/kubernetes-namespace': namespace,
        ...(serviceAccount === undefined ? {} : { 'aws:RequestTag/kubernetes-service-account': serviceAccount }),
      },
    },
  });
