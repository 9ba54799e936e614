import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { InputError } from '@repo/contract/input-error';
import { databasePort } from './database-variables.ts';
import { followerSpec } from './follower-spec.ts';
import { jobName, jobSelector, kindsWithStore, modelJobSpec, type ScheduledKind } from './model-job-spec.ts';
import { stateEgress } from './model-network-policy.ts';
import { labelsOf } from './naming.ts';

/** By kind of job when it runs, as cron writes it, in UTC; `ingest` runs all the time. */
export type JobSchedules = Readonly<{ [kind in ScheduledKind]?: string | undefined } & { ingest?: true | undefined }>;

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
  /** When each kind of job runs, as cron writes it, in UTC, and whether one takes the stream of the source all the time. One left out does not run. */
  readonly schedules: JobSchedules;
  /** CAUSEWAY_STATE. */
  readonly stateUrl: pulumi.Input<string>;
  /** ONLINE_STORE; a secret. Left out and null: there is none, and a schedule that fills it is refused. */
  readonly onlineStoreUrl?: pulumi.Input<string | null>;
  /** Environment variables of the databases that the model's sources lie in, and those of `source` alone. Left out: none. */
  readonly variables?: { readonly all: readonly string[]; readonly source: readonly string[] };
  /** Connections by the name of their variable; secret. More than the model needs may be there, and are given to nobody. */
  readonly databases?: pulumi.Input<Readonly<Record<string, string>>>;
  /** Part of the processor that is reserved. Left out: 1, all of it. */
  readonly cpuRequestShare?: number;
}

/** Jobs of a model: each a CronJob, and what takes a stream a Deployment; all as one account, which has the model's name and may do nothing in the cluster. */
export class ModelJobs extends pulumi.ComponentResource {
  constructor(name: string, args: ModelJobsArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ModelJobs', name, {}, options);
    const { model, source, namespace, variables = { all: [], source: [] } } = args;
    const own = { parent: this };
    const metadata = (objectName = model) => ({ name: objectName, namespace, labels: labelsOf(model, 'job') });
    const account = { metadata: metadata(), automountServiceAccountToken: false };
    const identity = new kubernetes.core.v1.ServiceAccount(name, account, own);
    const stringData = pulumi
      .all([args.onlineStoreUrl ?? null, args.databases ?? {}])
      .apply(([url, databases]) => ({
        url: storeToFill(args.schedules, url),
        own: connectionsOf(databases, variables.all),
      }))
      // Never empty: the API server would not keep an empty list, and the next `up` would want to add it.
      .apply(
        ({ url, own }): Record<string, string> => ({ model, ...(url === null ? {} : { 'online-store': url }), ...own }),
      );
    const secret = new kubernetes.core.v1.Secret(name, { metadata: metadata(), stringData }, own);
    new kubernetes.networking.v1.NetworkPolicy(name, { metadata: metadata(), spec: trafficOf(args) }, own);
    const common = pulumi
      .all([identity.metadata.name, secret.metadata.name, args.image, args.stateUrl])
      .apply(([serviceAccount, secretName, image, stateUrl]) => ({
        ...{ model, source, image, serviceAccount, stateUrl, secret: secretName },
        ...{ pull: args.pull ?? true, cpuRequestShare: args.cpuRequestShare ?? 1 },
      }));
    const { ingest, ...clock } = args.schedules;
    for (const [kind, schedule] of Object.entries(clock) as [ScheduledKind, string][]) {
      const spec = common.apply((job) => modelJobSpec({ ...job, kind, databases: variables.all }, schedule));
      new kubernetes.batch.v1.CronJob(`${name}-${kind}`, { metadata: metadata(jobName(model, kind)), spec }, own);
    }
    if (ingest) {
      const spec = common.apply((job) => followerSpec({ ...job, kind: 'ingest', databases: variables.source }));
      new kubernetes.apps.v1.Deployment(`${name}-ingest`, { metadata: metadata(jobName(model, 'ingest')), spec }, own);
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
    received: String(schedules[kind]),
    allowed: 'nothing on a stack without an online store, where each pod has its own',
    action: 'leave it out',
  });
}

/** Connections of these variables. Throws InputError for one that the stack does not say. */
export function connectionsOf(
  databases: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  const missing = names.filter((name) => databases[name] === undefined);
  if (missing.length === 0) return Object.fromEntries(names.map((name) => [name, databases[name] as string]));
  throw new InputError(
    missing.map((name) => ({
      path: `serving.databases.${name}`,
      received: 'nothing',
      allowed: 'the connection of the database that a source of the model lies in',
      action: `pulumi config set --secret --path serving:databases.${name} <connection>`,
    })),
  );
}

/** Nobody reaches them, and they reach state, features and the databases of their sources. */
function trafficOf({ model, stateUrl, onlineStoreUrl, variables, databases }: ModelJobsArgs) {
  const known = pulumi.all([stateUrl, pulumi.output(onlineStoreUrl ?? null), databases ?? {}]);
  const spec = known.apply(([state, store, connections]) => {
    const ports = (variables?.all ?? []).flatMap((name) => databasePort(connections[name] ?? '') ?? []);
    return {
      podSelector: { matchLabels: jobSelector(model) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: stateEgress({ stateUrl: state, hasOnlineStore: store !== null, databasePorts: [...new Set(ports)] }),
    };
  });
  return pulumi.unsecret(spec);
}
