import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { InputError } from '@repo/contract/input-error';
import { type JobKind, jobName, jobSelector, kindsWithStore, modelJobSpec } from './model-job-spec.ts';
import { stateEgress } from './model-network-policy.ts';
import { labelsOf } from './naming.ts';

export interface ModelJobsArgs {
  readonly model: string;
  /** The source of its events: what is ingested. */
  readonly source: string;
  /** Another than that of the services: an account of the model's name means other rights there. */
  readonly namespace: pulumi.Input<string>;
  /** Of an image whose entry point is `causeway`; by digest, but on the stack local. */
  readonly image: pulumi.Input<string>;
  /** Whether nodes may ask a registry for it. Left out: they may. */
  readonly pull?: boolean;
  /** When each kind of job runs, as cron writes it, in UTC. One left out does not run by the clock. */
  readonly schedules: Readonly<Partial<Record<JobKind, string>>>;
  /** CAUSEWAY_STATE. */
  readonly stateUrl: pulumi.Input<string>;
  /** ONLINE_STORE; a secret. Left out and null: there is none, and a schedule that fills it is refused. */
  readonly onlineStoreUrl?: pulumi.Input<string | null>;
  /** Part of the processor that is reserved. Left out: 1, all of it. */
  readonly cpuRequestShare?: number;
}

/** Jobs of a model that run by the clock: each a CronJob, all as one account, which has the model's name and may do nothing in the cluster. */
export class ModelJobs extends pulumi.ComponentResource {
  constructor(name: string, args: ModelJobsArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ModelJobs', name, {}, options);
    const { model, source, namespace } = args;
    const own = { parent: this };
    const metadata = (objectName = model) => ({ name: objectName, namespace, labels: labelsOf(model, 'job') });
    const account = { metadata: metadata(), automountServiceAccountToken: false };
    const identity = new kubernetes.core.v1.ServiceAccount(name, account, own);
    const stringData = pulumi
      .output(args.onlineStoreUrl ?? null)
      .apply((url) => storeToFill(args.schedules, url))
      // Never empty: the API server would not keep an empty list, and the next `up` would want to add it.
      .apply((url): Record<string, string> => ({ model, ...(url === null ? {} : { 'online-store': url }) }));
    const secret = new kubernetes.core.v1.Secret(name, { metadata: metadata(), stringData }, own);
    new kubernetes.networking.v1.NetworkPolicy(name, { metadata: metadata(), spec: trafficOf(args) }, own);
    for (const [kind, schedule] of Object.entries(args.schedules) as [JobKind, string][]) {
      const job = pulumi
        .all([identity.metadata.name, secret.metadata.name, args.image, args.stateUrl])
        .apply(([serviceAccount, secretName, image, stateUrl]) =>
          modelJobSpec({
            ...{ model, source, kind, schedule, image, serviceAccount, stateUrl, secret: secretName },
            ...{ pull: args.pull ?? true, cpuRequestShare: args.cpuRequestShare ?? 1 },
          }),
        );
      const cron = { metadata: metadata(jobName(model, kind)), spec: job };
      new kubernetes.batch.v1.CronJob(`${name}-${kind}`, cron, own);
    }
    this.registerOutputs();
  }
}

/** The online store that jobs fill, or find streams beside. Throws InputError where there is none and a job needs it. */
export function storeToFill(schedules: ModelJobsArgs['schedules'], url: string | null): string | null {
  const kind = kindsWithStore.find((one) => schedules[one] !== undefined);
  if (url !== null || kind === undefined) return url;
  throw new InputError({
    path: `serving.jobs.${kind}`,
    received: schedules[kind] ?? '',
    allowed: 'nothing on a stack without an online store, where each pod has its own',
    action: 'leave it out',
  });
}

/** Nobody reaches them, and they reach state and features. */
function trafficOf({ model, stateUrl, onlineStoreUrl }: ModelJobsArgs) {
  const known = pulumi.all([stateUrl, pulumi.output(onlineStoreUrl ?? null)]);
  const spec = known.apply(([state, store]) => ({
    podSelector: { matchLabels: jobSelector(model) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: stateEgress({ stateUrl: state, hasOnlineStore: store !== null }),
  }));
  return pulumi.unsecret(spec);
}
