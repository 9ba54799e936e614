import * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { databaseVariables } from '@repo/components/database-variables';
import { type JobSchedules, ModelJobs } from '@repo/components/model-jobs';
import { labelsOf } from '@repo/components/naming';
import type { OutputsOf } from '@repo/components/outputs-of';
import type { Model } from '@repo/contract/model';
import type { StorageOutputs } from '@repo/infra-storage/outputs';
import { imageOf } from './image-of.ts';

/** What jobs of all models share. */
interface Shared {
  readonly config: { readonly jobsImageDigest?: string | undefined; readonly cpuRequestShare: number };
  readonly storage: OutputsOf<StorageOutputs>;
  /** Connections of databases, by environment variable; secret. */
  readonly databases: pulumi.Input<Readonly<Record<string, string>>>;
  readonly provider: kubernetes.Provider;
  /** Whether nodes may ask a registry. */
  readonly pull: boolean;
}

/** Jobs, in a namespace of their own: what they may do there is decided by the name of their account. */
interface Jobs {
  readonly namespace: pulumi.Output<string>;
  /** Declares those of one model. */
  declare(model: Model): void;
}

/** Makes the namespace of jobs, for kinds that run as `schedules` says. Throws InputError where their image has no digest. */
export function modelJobs(schedules: JobSchedules, { config, storage, databases, provider, pull }: Shared): Jobs {
  const labels = { ...labelsOf('jobs', 'namespace'), 'pod-security.kubernetes.io/enforce': 'restricted' };
  const { metadata } = new kubernetes.core.v1.Namespace('jobs', { metadata: { name: 'jobs', labels } }, { provider });
  const { stateUrl, onlineStoreUrl, pipelineRepositoryUrl } = storage;
  const image = pipelineRepositoryUrl.apply((repository) =>
    imageOf('pipeline', repository, config.jobsImageDigest ?? null),
  );
  const { cpuRequestShare } = config;
  const common = {
    namespace: metadata.name,
    image,
    pull,
    schedules,
    stateUrl,
    onlineStoreUrl,
    databases,
    cpuRequestShare,
  };
  return {
    namespace: metadata.name,
    declare: ({ name: model, events, features }) => {
      const sources = [events, ...features.map(({ source }) => source)];
      const variables = { all: databaseVariables(sources), source: databaseVariables([events]) };
      new ModelJobs(`${model}-jobs`, { ...common, model, source: events.name, variables }, { providers: [provider] });
    },
  };
}
