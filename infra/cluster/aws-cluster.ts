import * as aws from '@pulumi/aws';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { ClusterAutoscaler } from '@repo/components/cluster-autoscaler';
import { Edge } from '@repo/components/edge';
import { EksCluster } from '@repo/components/eks-cluster';
import { EncryptionKey } from '@repo/components/encryption-key';
import { GithubDeployRole } from '@repo/components/github-deploy-role';
import { stackArns } from '@repo/components/iam/stack-arns';
import { tagsOf } from '@repo/components/naming';
import { Network } from '@repo/components/network';
import type { Exports } from '@repo/components/outputs-of';
import { reachCluster } from '@repo/components/reach-cluster';
import type { Stack } from '@repo/components/stack';
import { StackBoundary } from '@repo/components/stack-boundary';
import type { ClusterConfig } from './config.ts';
import type { ClusterOutputs, GithubRoleOutputs } from './outputs.ts';

/** Network, cluster, way in and roles of a stack on AWS. */
export function awsCluster(stack: Stack, config: ClusterConfig): Exports<ClusterOutputs> {
  const { account, region, natGateways, logDays, domain, zoneId, callerCidrs } = config;
  const options = { provider: new aws.Provider('aws', { region, allowedAccountIds: [account] }) };
  const place = { stack, tags: tagsOf(stack, 'cluster'), account, region };

  const { arn: boundaryArn } = new StackBoundary('boundary', { ...place, trustsGithub: config.trustsGithub }, options);
  const roleOf = (job: keyof GithubRoleOutputs) =>
    new GithubDeployRole(job, { ...place, job, repository: config.repository, zoneId, boundaryArn }, options).arn;
  const [preview, deploy] = [roleOf('preview'), roleOf('deploy')];
  const githubRoles = { preview, deploy, release: roleOf('release'), image: roleOf('image') };

  const use = { purpose: 'cluster', services: ['eks'], logs: true, role: stackArns(place).controlPlane };
  const { arn: keyArn } = new EncryptionKey('key', { ...place, ...use }, options);
  const zones = config.zones.map((letter) => `${region}${letter}`);
  const within = { cidr: config.network, zones, natGateways, logDays, logKeyArn: keyArn, boundaryArn };
  const { vpcId, privateSubnetIds, publicSubnetIds } = new Network('network', { ...place, ...within }, options);

  const { nodeGroups, endpointCidrs: publicCidrs, kubernetes: version } = config;
  const access = {
    ...config.operators,
    'github-deploy': { roleArn: githubRoles.deploy, level: 'admin' },
    'github-preview': { roleArn: githubRoles.preview, level: 'view' },
  } as const;
  const eks = { version, privateSubnetIds, publicCidrs, nodeGroups, access, keyArn, logDays, boundaryArn };
  const cluster = new EksCluster('cluster', { ...place, ...eks }, options);
  const { name: clusterName, kubeconfig, securityGroupId: clusterSecurityGroupId } = cluster;

  // A preview asks nobody.
  const reached = kubeconfig.apply(async (text) =>
    pulumi.runtime.isDryRun() ? text : reachCluster(text, publicCidrs),
  );
  const api = new kubernetes.Provider('cluster', { kubeconfig: reached });
  const scaler = { clusterName, image: config.autoscalerImage, boundaryArn, kubernetes: api };
  new ClusterAutoscaler('cluster-autoscaler', { ...place, ...scaler }, options);

  const way = { vpcId, publicSubnetIds, clusterSecurityGroupId, domain, zoneId, callerCidrs, logDays };
  const { url, listenerArn } = new Edge('edge', { ...place, ...way }, options);
  return {
    kubeconfig,
    clusterName,
    network: pulumi.output({ vpcId, privateSubnetIds, clusterSecurityGroupId }),
    cloud: pulumi.output({ account, region, boundaryArn }),
    edge: pulumi.output({ url, listenerArn, groupName: cluster.edgeGroupName }),
    githubRoles: pulumi.output(githubRoles),
  };
}
