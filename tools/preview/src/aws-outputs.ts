import { account, region } from './invented-account.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** Outputs whose form the types of the provider do not tell, for the resources of which programs read them. */
export const awsOutputs: Readonly<Record<string, (name: string, inputs: Inputs) => Record<string, unknown>>> = {
  'aws:eks/cluster:Cluster': (name, { vpcConfig }) => ({
    certificateAuthority: { data: 'LS0tIGludmVudGVkIC0tLQ==' },
    endpoint: `https://${name}.gr7.${region}.eks.amazonaws.com`,
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${name}` }] }],
    vpcConfig: {
      ...(vpcConfig as object),
      vpcId: `${name}.vpc`,
      clusterSecurityGroupId: `${name}.clusterSecurityGroup`,
    },
  }),
  'aws:eks/nodeGroup:NodeGroup': (name) => ({
    resources: [{ autoscalingGroups: [{ name: `eks-${name}` }], remoteAccessSecurityGroupId: '' }],
  }),
  'aws:acm/certificate:Certificate': (_, { domainName }) => ({
    domainValidationOptions: [
      {
        domainName,
        resourceRecordName: `_validation.${domainName}`,
        resourceRecordType: 'CNAME',
        resourceRecordValue: '_validation.acm-validations.aws',
      },
    ],
  }),
  'aws:ecr/repository:Repository': (name) => ({
    repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
    registryId: account,
  }),
};
