import type { Exports } from '@repo/components/outputs-of';
import { readConfig } from '@repo/components/read-config';
import { storageConfig } from './config.ts';
import type { StorageOutputs } from './outputs.ts';

readConfig(storageConfig);

/** Nothing but what a pod has by itself. */
const local: Exports<StorageOutputs> = {
  stateUrl: 'file:.causeway/state',
  onlineStoreUrl: null,
  artifactBucketArn: null,
  imageRepositoryUrl: null,
};

export default local;
