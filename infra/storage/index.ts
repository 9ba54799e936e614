import * as pulumi from '@pulumi/pulumi';
import type { Exports } from '@repo/components/outputs-of';
import { readConfig } from '@repo/components/read-config';
import { Stack, toStack } from '@repo/components/stack';
import { awsStorage } from './aws-storage.ts';
import { localConfig, storageConfig } from './config.ts';
import type { StorageOutputs } from './outputs.ts';

/** Nothing but what a pod has by itself. */
const local: Exports<StorageOutputs> = {
  stateUrl: 'file:.causeway/state',
  onlineStoreUrl: null,
  artifactBucketArn: null,
  imageRepositoryUrl: null,
  pipelineRepositoryUrl: null,
  modelRoleArn: null,
  jobRoleArn: null,
};

const stack = toStack(pulumi.getStack());
if (stack === Stack.local) readConfig(localConfig);

export default stack === Stack.local ? local : awsStorage(stack, readConfig(storageConfig));
