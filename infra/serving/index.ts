import { join } from 'node:path';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { judgeSecret } from '@repo/components/judge-tokens';
import { ModelService } from '@repo/components/model-service';
import { labelsOf } from '@repo/components/naming';
import { type Exports, outputsOf } from '@repo/components/outputs-of';
import { readConfig } from '@repo/components/read-config';
import { ReleaseViewers } from '@repo/components/release-viewers';
import { requiredOutput } from '@repo/components/required-output';
import { servedModels } from '@repo/components/served-models';
import { Stack, toStack } from '@repo/components/stack';
import type { ClusterOutputs } from '@repo/infra-cluster/outputs';
import type { MonitoringOutputs } from '@repo/infra-monitoring/outputs';
import type { StorageOutputs } from '@repo/infra-storage/outputs';
import { afterRelease } from './after-release.ts';
import { servingConfig } from './config.ts';
import { imageDigestOf } from './image-digest.ts';
import { imageOf } from './image-of.ts';
import { judgeOf } from './judge-of.ts';
import { modelJobs } from './model-jobs.ts';
import { nodePorts } from './node-ports.ts';
import type { ServingOutputs } from './outputs.ts';
import { releaseInStack } from './release-in-stack.ts';
import { servedAt } from './served-at.ts';

const config = readConfig(servingConfig, ['databases']);
const databases = new pulumi.Config().getSecretObject<Record<string, string>>('databases') ?? {};
const stack = toStack(pulumi.getStack());
const isLocal = stack === Stack.local;
const [cluster, storage] = [outputsOf<ClusterOutputs>('cluster'), outputsOf<StorageOutputs>('storage')];
const monitoring = outputsOf<MonitoringOutputs>('monitoring');
const served = await servedModels(join(import.meta.dirname, '../../models'), isLocal);
const models = served.map((one) => ({ ...one, model: releaseInStack(one.model, config.release) }));
const scaleBy = config.autoscale ? requiredOutput(monitoring.prometheusUrl, 'monitoring.prometheusUrl') : undefined;

const provider = new kubernetes.Provider('cluster', { kubeconfig: cluster.kubeconfig });
const labels = { ...labelsOf('models', 'namespace'), 'pod-security.kubernetes.io/enforce': 'restricted' };
const { metadata } = new kubernetes.core.v1.Namespace('models', { metadata: { name: 'models', labels } }, { provider });
new ReleaseViewers('release-viewers', { namespace: metadata.name }, { providers: [provider] });
// The stack local runs what was built last, unless told otherwise.
const imageDigest = isLocal ? pulumi.output(config.imageDigest ?? null) : imageDigestOf(config.imageDigest);
const judge = judgeOf({ ...config, namespace: metadata.name, provider });
const common = {
  ...config,
  judge: judge.reference,
  adminTokenSha256: judge.adminTokenSha256,
  namespace: metadata.name,
  image: pulumi
    .all([storage.imageRepositoryUrl, imageDigest])
    .apply(([url, digest]) => imageOf('inference', url, digest)),
  pull: !isLocal,
  stateUrl: storage.stateUrl,
  onlineStoreUrl: storage.onlineStoreUrl,
  keys: JSON.stringify({ schemaVersion: 1, keys: config.apiKeys }),
  monitoringNamespace: monitoring.prometheusNamespace,
  scaleBy,
};
const jobs = config.jobs ? modelJobs(config.jobs, { config, storage, databases, provider, pull: !isLocal }) : null;
// What AWS needs takes seconds to load, which the stack local does without.
const onAws = isLocal ? null : (await import('./aws-model.ts')).awsModels(stack, cluster, storage, jobs?.namespace);

if (config.judgeUrl === undefined) {
  const prometheusUrl = requiredOutput(monitoring.prometheusUrl, 'monitoring.prometheusUrl');
  judge.standUp({ ...common, models: models.map(({ model }) => model), prometheusUrl });
  onAws?.mayReadRegistry(judgeSecret.name, metadata.name);
}
const names = models.map(({ model }) => model.name);
const ports = nodePorts(names, config.nodePorts);
const urls = models.map((one) => {
  const { name } = one.model;
  const nodePort = ports.get(name) as number;
  const after = afterRelease({ model: one.model, namespace: metadata.name, kubeconfig: cluster.kubeconfig });
  const service = new ModelService(name, { ...common, ...one, nodePort, after }, { providers: [provider] });
  jobs?.declare(one.model);
  const inside = servedAt(service, cluster.kubeconfig, config.patienceS);
  return [name, onAws?.reach({ name, namespace: metadata.name, nodePort }) ?? inside] as const;
});

const outputs: Exports<ServingOutputs> = {
  namespace: metadata.name,
  imageDigest,
  urls: pulumi.output(Object.fromEntries(urls)),
};
export default outputs;
