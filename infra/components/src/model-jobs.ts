import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { type JobStage, jobSelector, modelJobSpec } from './model-job-spec.ts';
import { objectStoreEgress } from './model-network-policy.ts';
import { labelsOf } from './naming.ts';

export interface ModelJobsArgs {
  readonly model: string;
  readonly namespace: pulumi.Input<string>;
  /** Of an image whose entry point is `causeway`, by digest. */
  readonly image: string;
  /** When each stage runs, as cron writes it, in UTC. A stage left out does not run by the clock. */
  readonly schedules: Readonly<Partial<Record<JobStage, string>>>;
  /** CAUSEWAY_STATE. */
  readonly stateUrl: pulumi.Input<string>;
}

/** Stages of a model that run by the clock: each a CronJob, all as one account that may do nothing in the cluster. */
export class ModelJobs extends pulumi.ComponentResource {
  constructor(name: string, args: ModelJobsArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ModelJobs', name, {}, options);
    const { model, namespace, image } = args;
    const own = { parent: this };
    const metadata = (objectName: string) => ({ name: objectName, namespace, labels: labelsOf(model, 'job') });
    const account = { metadata: metadata(`${model}-jobs`), automountServiceAccountToken: false };
    const identity = new kubernetes.core.v1.ServiceAccount(`${name}-jobs`, account, own);
    const spec = {
      podSelector: { matchLabels: jobSelector(model) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: objectStoreEgress,
    };
    const policy = { metadata: metadata(`${model}-jobs`), spec };
    new kubernetes.networking.v1.NetworkPolicy(`${name}-jobs`, policy, own);
    for (const [stage, schedule] of Object.entries(args.schedules) as [JobStage, string][]) {
      const job = pulumi
        .all([identity.metadata.name, args.stateUrl])
        .apply(([serviceAccount, stateUrl]) =>
          modelJobSpec({ model, stage, schedule, image, serviceAccount, stateUrl }),
        );
      const cron = { metadata: metadata(`${model}-${stage}`), spec: job };
      new kubernetes.batch.v1.CronJob(`${name}-${stage}`, cron, own);
    }
    this.registerOutputs();
  }
}
