import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import { EksCluster, type EksClusterArgs } from './eks-cluster.ts';
import { declaredBy, settled, stackArgs } from './fixtures/declared-by.ts';
import type { Stack } from './stack.ts';

const make =
  (stack: Stack, more: Partial<EksClusterArgs> = {}) =>
  () =>
    new EksCluster('cluster', {
      ...stackArgs(stack),
      version: 'v1.34',
      privateSubnetIds: ['subnet-1', 'subnet-2', 'subnet-3'],
      publicCidrs: [],
      nodeGroups: {
        general: { instanceTypes: ['m7i.large'], minNodes: 3, maxNodes: 12, spot: false },
        spare: { instanceTypes: ['m7i.large'], minNodes: 1, maxNodes: 4, spot: true },
      },
      access: {
        platform: { roleArn: 'arn:aws:iam::111122223333:role/platform', level: 'admin' },
        'on-call': { roleArn: 'arn:aws:iam::111122223333:role/on-call', level: 'view' },
      },
      keyArn: 'arn:key',
      logDays: 365,
      ...more,
    });

let made: EksCluster | undefined;
const prod = await declaredBy(() => {
  made = make('prod')();
});
const dev = await declaredBy(make('dev', { publicCidrs: ['203.0.113.0/24'] }));

describe('EksCluster', () => {
  it('answers within the network only, unless blocks are named', () => {
    const closed = prod.one('cluster:Cluster').vpcConfig;
    expect(closed).toMatchObject({ endpointPrivateAccess: true, endpointPublicAccess: false });
    const open = dev.one('cluster:Cluster').vpcConfig;
    expect(open).toMatchObject({ endpointPublicAccess: true, publicAccessCidrs: ['203.0.113.0/24'] });
  });

  it('encrypts secrets with our key, tells all its logs, and puts them into an encrypted group made before', () => {
    const { one, of } = prod;
    const cluster = one('cluster:Cluster');
    expect(cluster.encryptionConfig).toEqual({ provider: { keyArn: 'arn:key' }, resources: ['secrets'] });
    expect(of('rolePolicy:RolePolicy')['control-plane'].policy).toContain('"Resource":"arn:key"');
    expect(cluster.enabledClusterLogTypes).toEqual(['api', 'audit', 'authenticator', 'controllerManager', 'scheduler']);
    expect(one('logGroup:LogGroup')).toMatchObject({
      name: '/aws/eks/causeway-prod-cluster/cluster',
      kmsKeyId: 'arn:key',
    });
  });

  it('lets in those with an entry and nobody else, not even who made it', () => {
    const { one, of } = prod;
    const access = { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false };
    expect(one('cluster:Cluster').accessConfig).toEqual(access);
    const policies = Object.entries(of('accessPolicyAssociation:AccessPolicyAssociation')).map(([name, one]) => [
      name,
      one.policyArn.split('/')[1],
    ]);
    expect(policies).toEqual([
      ['platform', 'AmazonEKSClusterAdminPolicy'],
      ['on-call', 'AmazonEKSViewPolicy'],
    ]);
    const groups = Object.entries(of('accessEntry:AccessEntry')).map(([name, entry]) => [name, entry.kubernetesGroups]);
    expect(groups, 'of what the policy does not show').toEqual([
      ['platform', undefined],
      ['on-call', ['causeway:viewers']],
    ]);
  });

  it('makes a group of nodes of each row, on machines with encrypted disks and without their role for pods', () => {
    const { of, one } = prod;
    const { general, spare } = of('nodeGroup:NodeGroup');
    expect(general.scalingConfig).toEqual({ minSize: 3, maxSize: 12, desiredSize: 3 });
    expect([general.capacityType, spare.capacityType]).toEqual(['ON_DEMAND', 'SPOT']);
    expect(general.launchTemplate).toEqual({ id: 'node-id', version: '3' });
    const template = one('launchTemplate:LaunchTemplate');
    expect(template.metadataOptions).toMatchObject({ httpTokens: 'required', httpPutResponseHopLimit: 1 });
    expect(template.blockDeviceMappings[0].ebs.encrypted).toBe('true');
  });

  it('gives pods identities instead of the rights of nodes', () => {
    const { of } = prod;
    const addons = of('addon:Addon');
    expect(Object.keys(addons)).toContain('eks-pod-identity-agent');
    expect(addons['vpc-cni'].podIdentityAssociations[0]).toMatchObject({ serviceAccount: 'aws-node' });
    expect(addons['vpc-cni'].addonVersion).toMatch(/^v[\d.]+-eksbuild/);
    expect(JSON.parse(addons['vpc-cni'].configurationValues)).toEqual({ enableNetworkPolicy: 'true' });
    const nodePolicies = Object.keys(of('rolePolicyAttachment:RolePolicyAttachment')).filter((name) =>
      name.startsWith('node-'),
    );
    expect(nodePolicies).toEqual(['node-AmazonEKSWorkerNodePolicy', 'node-AmazonEC2ContainerRegistryPullOnly']);
    expect(of('openIdConnectProvider:OpenIdConnectProvider')).toEqual({});
  });

  it('makes no role without the bound', () => {
    const roles = Object.values(prod.of('role:Role'));
    expect(roles.length).toBe(4);
    for (const role of roles) expect(role.permissionsBoundary).toBe(stackArgs('prod').boundaryArn);
  });

  it('is kept from deletion in prod only', () => {
    expect(prod.one('cluster:Cluster').deletionProtection).toBe(true);
    expect(dev.one('cluster:Cluster').deletionProtection).toBe(false);
  });

  it('hands out a kubeconfig without a credential, as a secret, and the group that takes traffic', async () => {
    const { kubeconfig, edgeGroupName, securityGroupId } = made as EksCluster;
    const { user } = JSON.parse(await settled(kubeconfig)).users[0];
    expect(user).toEqual({ exec: expect.objectContaining({ command: 'aws' }) });
    expect(await pulumi.isSecret(kubeconfig)).toBe(true);
    expect(await settled(edgeGroupName)).toBe('asg-general');
    expect(await settled(securityGroupId)).toBe('sg-cluster');
  });
});
