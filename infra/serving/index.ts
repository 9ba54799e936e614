import * as kubernetes from '@pulumi/kubernetes';
import { labelsOf } from '@repo/components/naming';
import { type Exports, outputsOf } from '@repo/components/outputs-of';
import { readConfig } from '@repo/components/read-config';
import type { ClusterOutputs } from '@repo/infra-cluster/outputs';
import type { StorageOutputs } from '@repo/infra-storage/outputs';
import { servingConfig } from './config.ts';
import type { ServingOutputs } from './outputs.ts';

readConfig(servingConfig);
const { kubeconfig } = outputsOf<ClusterOutputs>('cluster');
const { stateUrl } = outputsOf<StorageOutputs>('storage');
const provider = new kubernetes.Provider('cluster', { kubeconfig });
const namespace = new kubernetes.core.v1.Namespace(
  'models',
  { metadata: { name: 'models', labels: labelsOf('models', 'namespace'), annotations: { state: stateUrl } } },
  { provider },
);

const outputs: Exports<ServingOutputs> = { namespace: namespace.metadata.name, urls: {} };

export default outputs;
