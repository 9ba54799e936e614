import { join } from 'node:path';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { ModelService } from '@repo/components/model-service';
import { labelsOf } from '@repo/components/naming';
import { type Exports, outputsOf } from '@repo/components/outputs-of';
import { readConfig } from '@repo/components/read-config';
import { requiredOutput } from '@repo/components/required-output';
import { Stack, toStack } from '@repo/components/stack';
import type { ClusterOutputs } from '@repo/infra-cluster/outputs';
import type { MonitoringOutputs } from '@repo/infra-monitoring/outputs';
import type { StorageOutputs } from '@repo/infra-storage/outputs';
import { awsModels } from './aws-model.ts';
import { servingConfig } from './config.ts';
import { imageOf } from './image-of.ts';
import { modelJobs } from './model-jobs.ts';
import { nodePorts } from './node-ports.ts';
import type { ServingOutputs } from './outputs.ts';
import { servedAt } from './served-at.ts';
import { servedModels } from './served-models.ts';

const config = readConfig(servingConfig);
const stack = toStack(pulumi.getStack());
const isLocal = stack === Stack.local;
const [cluster, storage] = [outputsOf<ClusterOutputs>('cluster'), outputsOf<StorageOutputs>('storage')];
const monitoring = outputsOf<MonitoringOutputs>('monitoring');
const models = await servedModels(join(import.meta.dirname, '../../models'), isLocal);
const scaleBy = config.autoscale ? requiredOutput(monitoring.prometheusUrl, 'monitoring.prometheusUrl') : undefined;

const provider = new kubernetes.Provider('cluster', { kubeconfig: cluster.kubeconfig });
const labels = { ...labelsOf('models', 'namespace'), 'pod-security.kubernetes.io/enforce': 'restricted' };
const { metadata } = new kubernetes.core.v1.Namespace('models', { metadata: { name: 'models', labels } }, { provider });
const common = {
  ...config,
  namespace: metadata.name,
  image: storage.imageRepositoryUrl.apply((repository) => imageOf('inference', repository, config.imageDigest)),
  pull: !isLocal,
  stateUrl: storage.stateUrl,
  onlineStoreUrl: storage.onlineStoreUrl,
  keys: JSON.stringify({ schemaVersion: 1, keys: config.apiKeys }),
  monitoringNamespace: monitoring.prometheusNamespace,
  scaleBy,
};
const jobs = config.jobs ? modelJobs(config.jobs, { config, storage, provider, pull: !isLocal }) : null;
const onAws = isLocal ? null : awsModels(stack, cluster, storage, jobs?.namespace);

const names = models.map(({ model }) => model.name);
const ports = nodePorts(names, config.nodePorts);
const urls = models.map(({ model, champion }) => {
  const { name } = model;
  const nodePort = ports.get(name) as number;
  const service = new ModelService(name, { ...common, model, champion, nodePort }, { providers: [provider] });
  jobs?.declare(name);
  const inside = servedAt(service, cluster.kubeconfig, config.patienceS);
  return [name, onAws?.({ name, namespace: metadata.name, nodePort }) ?? inside] as const;
});

const outputs: Exports<ServingOutputs> = { namespace: metadata.name, urls: pulumi.output(Object.fromEntries(urls)) };
export default outputs;
