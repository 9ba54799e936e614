import { describeExamples } from './fixtures/describe-examples.ts';
import { podIdentityTrust } from './pod-identity-trust.ts';

const pods = { Service: 'pods.eks.amazonaws.com' };
const session = {
  'aws:SourceAccount': '111122223333',
  'aws:RequestTag/eks-cluster-name': 'causeway-prod-cluster',
  'aws:RequestTag/kubernetes-namespace': 'kube-system',
  'aws:RequestTag/kubernetes-service-account': 'cluster-autoscaler',
};
const trusted = { clusterName: 'causeway-prod-cluster', namespace: 'kube-system' };
const autoscaler = podIdentityTrust('111122223333', { ...trusted, serviceAccount: 'cluster-autoscaler' });

describeExamples('podIdentityTrust of one service account', autoscaler, {
  allows: [
    ['sts:AssumeRole', session, pods],
    ['sts:TagSession', session, pods],
  ],
  denies: [
    ['sts:AssumeRole', { ...session, 'aws:RequestTag/kubernetes-service-account': 'default' }, pods],
    ['sts:AssumeRole', { ...session, 'aws:RequestTag/kubernetes-namespace': 'models' }, pods],
    ['sts:AssumeRole', { ...session, 'aws:RequestTag/eks-cluster-name': 'causeway-dev-cluster' }, pods],
    ['sts:AssumeRole', { ...session, 'aws:SourceAccount': '999999999999' }, pods],
    ['sts:AssumeRole', {}, pods],
    ['sts:AssumeRole', session, { Service: 'ec2.amazonaws.com' }],
  ],
});

describeExamples('podIdentityTrust of a namespace', podIdentityTrust('111122223333', trusted), {
  allows: [['sts:AssumeRole', { ...session, 'aws:RequestTag/kubernetes-service-account': 'aws-node' }, pods]],
  denies: [['sts:AssumeRole', { ...session, 'aws:RequestTag/kubernetes-namespace': 'models' }, pods]],
});
