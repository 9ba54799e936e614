import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { ArtifactBucket } from '@repo/components/artifact-bucket';
import { BoundRole } from '@repo/components/bound-role';
import { EncryptionKey } from '@repo/components/encryption-key';
import { jobStatePolicy } from '@repo/components/iam/job-state-policy';
import { modelStatePolicy } from '@repo/components/iam/model-state-policy';
import { podIdentityTrust } from '@repo/components/iam/pod-identity-trust';
import { ImageRepository } from '@repo/components/image-repository';
import { tagsOf } from '@repo/components/naming';
import { OnlineStore } from '@repo/components/online-store';
import { type Exports, outputsOf } from '@repo/components/outputs-of';
import { requiredOutput } from '@repo/components/required-output';
import type { Stack } from '@repo/components/stack';
import type { ClusterOutputs } from '@repo/infra-cluster/outputs';
import type { StorageConfig } from './config.ts';
import type { StorageOutputs } from './outputs.ts';

/** Bucket, image repositories, online store and the roles of models and of their jobs of a stack on AWS. */
export function awsStorage(stack: Stack, config: StorageConfig): Exports<StorageOutputs> {
  const cluster = outputsOf<ClusterOutputs>('cluster');
  const { account, region, boundaryArn } = requiredOutput(cluster.cloud, 'cluster.cloud');
  const network = requiredOutput(cluster.network, 'cluster.network');
  const { vpcId, clusterSecurityGroupId } = network;
  const privateSubnetIds = network.privateSubnetIds.apply((ids) => [...ids]);
  const provider = new aws.Provider('aws', { region, allowedAccountIds: [account] });
  const options = { provider };
  const base = { stack, tags: tagsOf(stack, 'storage') };

  const services = ['s3', 'ecr', 'elasticache', 'secretsmanager'];
  const key = new EncryptionKey('key', { ...base, purpose: 'storage', account, region, services }, options);
  const keyArn = key.arn;
  const { undoDays, predictionDays, logDays, keepImages } = config;
  const bucketArgs = { account, keyArn, undoDays, predictionDays, logDays };
  const bucket = new ArtifactBucket('artifacts', { ...base, ...bucketArgs }, options);
  const imagesOf = (purpose: string) =>
    new ImageRepository(purpose, { ...base, purpose, keyArn, keepImages }, options).url;
  const [imageRepositoryUrl, pipelineRepositoryUrl] = [imagesOf('inference'), imagesOf('pipeline')];
  const within = { vpcId, privateSubnetIds, clusterSecurityGroupId, keyArn };
  const store = new OnlineStore('online-store', { ...base, ...within, ...config.onlineStore }, options);

  const roleOf = (purpose: 'models' | 'jobs', policyOf: typeof modelStatePolicy) => {
    const trust = pulumi
      .all([account, cluster.clusterName])
      .apply(([number, clusterName]) => podIdentityTrust(number, { clusterName, namespace: purpose }));
    const policy = pulumi.all([bucket.arn, keyArn, region]).apply((known) => policyOf(...known));
    return new BoundRole(purpose, { ...base, purpose, trust, policy, boundaryArn }, options).arn;
  };
  return {
    stateUrl: bucket.stateUrl,
    onlineStoreUrl: store.url,
    artifactBucketArn: bucket.arn,
    imageRepositoryUrl,
    pipelineRepositoryUrl,
    modelRoleArn: roleOf('models', modelStatePolicy),
    jobRoleArn: roleOf('jobs', jobStatePolicy),
  };
}
