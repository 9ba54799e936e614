import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { ModelOnAws } from '@repo/components/model-on-aws';
import { namedTags, physicalName, tagsOf } from '@repo/components/naming';
import type { OutputsOf } from '@repo/components/outputs-of';
import { requiredOutput } from '@repo/components/required-output';
import type { Stack } from '@repo/components/stack';
import type { ClusterOutputs } from '@repo/infra-cluster/outputs';
import type { StorageOutputs } from '@repo/infra-storage/outputs';

/** A model as the load balancer and its role need it. */
export interface AwsModel {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly nodePort: number;
}

/**
 * Gives models of a stack on AWS, and their jobs where there are any, what they need there: `reach` answers where one is reached from outside,
 * `mayReadRegistry` lets another account of the cluster read the versions that models read.
 */
export function awsModels(
  stack: Stack,
  cluster: OutputsOf<ClusterOutputs>,
  storage: OutputsOf<StorageOutputs>,
  jobsNamespace: pulumi.Input<string> | undefined,
) {
  const { account, region } = requiredOutput(cluster.cloud, 'cluster.cloud');
  const { vpcId } = requiredOutput(cluster.network, 'cluster.network');
  const { url, listenerArn, groupName } = requiredOutput(cluster.edge, 'cluster.edge');
  const roleArn = requiredOutput(storage.modelRoleArn, 'storage.modelRoleArn');
  const jobRoleArn = requiredOutput(storage.jobRoleArn, 'storage.jobRoleArn');
  const jobs = jobsNamespace === undefined ? undefined : { namespace: jobsNamespace, roleArn: jobRoleArn };
  const provider = new aws.Provider('aws', { region, allowedAccountIds: [account] });
  const where = {
    stack,
    tags: tagsOf(stack, 'serving'),
    clusterName: cluster.clusterName,
    roleArn,
    jobs,
    vpcId,
    listenerArn,
  };
  const reach = ({ name: model, namespace, nodePort }: AwsModel): pulumi.Output<string> => {
    const given = { ...where, model, namespace, serviceAccount: model, edgeGroupName: groupName, nodePort };
    new ModelOnAws(`${model}-on-aws`, given, { providers: [provider] });
    return url;
  };
  const mayReadRegistry = (serviceAccount: string, namespace: pulumi.Input<string>): void => {
    const { clusterName } = where;
    const tags = namedTags(where.tags, physicalName(stack, serviceAccount));
    const who = { clusterName, namespace, serviceAccount, roleArn, tags };
    new aws.eks.PodIdentityAssociation(serviceAccount, who, { provider });
  };
  return { reach, mayReadRegistry };
}
