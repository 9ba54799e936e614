import { join } from 'node:path';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { ModelService } from '@repo/components/model-service';
import { labelsOf } from '@repo/components/naming';
import { type Exports, outputsOf } from '@repo/components/outputs-of';
import { readConfig } from '@repo/components/read-config';
import { Stack } from '@repo/components/stack';
import type { ClusterOutputs } from '@repo/infra-cluster/outputs';
import type { MonitoringOutputs } from '@repo/infra-monitoring/outputs';
import type { StorageOutputs } from '@repo/infra-storage/outputs';
import { servingConfig } from './config.ts';
import { imageOf } from './image-of.ts';
import type { ServingOutputs } from './outputs.ts';
import { servedAt } from './served-at.ts';
import { servedModels } from './served-models.ts';

const config = readConfig(servingConfig);
const isLocal = pulumi.getStack() === Stack.local;
const cluster = outputsOf<ClusterOutputs>('cluster');
const storage = outputsOf<StorageOutputs>('storage');
const monitoring = outputsOf<MonitoringOutputs>('monitoring');
const models = await servedModels(join(import.meta.dirname, '../../models'), isLocal);

const provider = new kubernetes.Provider('cluster', { kubeconfig: cluster.kubeconfig });
const labels = { ...labelsOf('models', 'namespace'), 'pod-security.kubernetes.io/enforce': 'restricted' };
const namespace = new kubernetes.core.v1.Namespace('models', { metadata: { name: 'models', labels } }, { provider });

const services = models.map(({ model, champion }, i) => {
  const { firstNodePort } = config;
  const service = new ModelService(
    model.name,
    {
      model,
      champion,
      image: storage.imageRepositoryUrl.apply((repository) => imageOf(repository, config.imageDigest)),
      pull: !isLocal,
      namespace: namespace.metadata.name,
      stateUrl: storage.stateUrl,
      onlineStoreUrl: storage.onlineStoreUrl,
      keys: JSON.stringify({ schemaVersion: 1, keys: config.apiKeys }),
      monitoringNamespace: monitoring.namespace,
      scaleBy: config.autoscale ? monitoring.prometheusUrl.apply((url) => url ?? '') : undefined,
      nodePort: firstNodePort === undefined ? undefined : firstNodePort + i,
      ...config,
    },
    { providers: [provider] },
  );
  return [model.name, servedAt(service, cluster.kubeconfig, config.patienceS)] as const;
});

const outputs: Exports<ServingOutputs> = {
  namespace: namespace.metadata.name,
  urls: pulumi.output(Object.fromEntries(services)),
};

export default outputs;
