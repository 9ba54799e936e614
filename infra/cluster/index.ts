import * as pulumi from '@pulumi/pulumi';
import { readConfig } from '@repo/components/read-config';
import { Stack, toStack } from '@repo/components/stack';
import { awsCluster } from './aws-cluster.ts';
import { clusterConfig, localConfig } from './config.ts';
import { localCluster } from './local-cluster.ts';

const stack = toStack(pulumi.getStack());
if (stack === Stack.local) readConfig(localConfig);

export default stack === Stack.local ? localCluster() : awsCluster(stack, readConfig(clusterConfig(stack)));
