import type { types } from '@pulumi/kubernetes';
import { sha256 } from '@repo/contract/canonical-json';
import { labelsOf } from './naming.ts';
import { containerSecurity, podSecurity } from './pod-security.ts';
import { processors } from './processors.ts';

/**
 * What runs by the clock: verbs of `causeway` in order, each in a container of its own, all in one pod, so that a stage finds in
 * `.causeway/stages` what the one before has written. The first that fails ends the run: nothing is registered that its gates did not pass.
 */
export const jobSteps = {
  train: ['validate', 'features', 'train', 'gate', 'register'],
  materialize: ['materialize'],
  ingest: ['ingest'],
  monitor: ['monitor'],
  retrain: ['retrain'],
} as const;
export type JobKind = keyof typeof jobSteps;
/** A stream has no end: whoever takes it runs for ever, and no clock starts it. */
export type ScheduledKind = Exclude<JobKind, 'ingest'>;
type Verb = (typeof jobSteps)[JobKind][number];

/** The one that only copies what is there already reads no source. */
const readsSources = (verb: Verb): boolean => verb !== 'register';

/** Kinds that are told where the online store is: one fills it, the other takes what waits in a stream beside it. */
export const kindsWithStore: readonly JobKind[] = ['materialize', 'ingest'];

/**
 * What a verb is told. The stream of a source has its name and lies in database 0 of the online store's server, whose URL is secret: Kubernetes
 * puts it in where `$(ONLINE_STORE)` stands.
 */
function argumentsOf(verb: Verb, { model, source }: ModelJob): string[] {
  if (verb === 'ingest') return [verb, source, `$(ONLINE_STORE)/0/${source}`, '--follow'];
  return verb === 'materialize' ? [verb, model, '--at', 'now'] : [verb, model];
}

/** One job of one model, and what it runs in. */
export interface ModelJob {
  readonly model: string;
  /** The source of its events. */
  readonly source: string;
  readonly kind: JobKind;
  /** Of an image whose entry point is `causeway`. */
  readonly image: string;
  /** Whether the node may ask a registry. False on the stack local, whose nodes have been given the image. */
  readonly pull: boolean;
  readonly serviceAccount: string;
  /** CAUSEWAY_STATE. */
  readonly stateUrl: string;
  /** Secret whose key `online-store` is the URL of the online store; it may lack it. Each of `databases` is a key of it too. */
  readonly secret: string;
  /** Environment variables that say where the databases are which it reads. */
  readonly databases: readonly string[];
  /** Part of the processor that is reserved; the rest is taken when it is free. */
  readonly cpuRequestShare: number;
}

/** Longest time that all steps may take: training takes minutes, and one that hangs would keep the next run from starting. */
const mostS = 3600;
/** All that may be written. */
export const workDir = '/app/.causeway';
/** DuckDB takes 2 GiB at most, and training holds its rows beside it. */
const memory = '4Gi';
/** Longest name of a CronJob that Kubernetes takes: it adds a time to it. */
const mostCharacters = 52;

/** By which the pods of jobs are found, and those of services are not. */
export const jobSelector = (model: string): Record<string, string> => ({
  'app.kubernetes.io/name': model,
  'app.kubernetes.io/component': 'job',
});

/** Name of a job: `flight-delay-train`, cut where the model's is long, with a digest of the whole so that two stay two. */
export function jobName(model: string, kind: JobKind): string {
  const name = `${model}-${kind}`;
  if (name.length <= mostCharacters) return name;
  const digest = sha256(name).slice(0, 8);
  return `${name.slice(0, mostCharacters - digest.length - 1).replace(/-+$/, '')}-${digest}`;
}

/** Where databases are, and a home that can be written, where DuckDB keeps what it reads them by. */
function databasesOf({ databases, secret }: ModelJob): types.input.core.v1.EnvVar[] {
  if (databases.length === 0) return [];
  const connections = databases.map((name) => ({ name, valueFrom: { secretKeyRef: { name: secret, key: name } } }));
  return [...connections, { name: 'HOME', value: workDir }];
}

function container(verb: Verb, job: ModelJob): types.input.core.v1.Container {
  const onlineStore = { secretKeyRef: { name: job.secret, key: 'online-store', optional: true } };
  return {
    name: verb,
    image: job.image,
    imagePullPolicy: job.pull ? 'IfNotPresent' : 'Never',
    // What it said last is why it failed, and stays with the pod when its log is out of reach.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    args: [...argumentsOf(verb, job), '--json'],
    env: [
      { name: 'CAUSEWAY_STATE', value: job.stateUrl },
      ...(kindsWithStore.includes(job.kind) ? [{ name: 'ONLINE_STORE', valueFrom: onlineStore }] : []),
      ...(readsSources(verb) ? databasesOf(job) : []),
    ],
    resources: {
      requests: { cpu: processors(job.cpuRequestShare), memory, 'ephemeral-storage': '2Gi' },
      limits: { cpu: '2', memory, 'ephemeral-storage': '8Gi' },
    },
    securityContext: containerSecurity,
    volumeMounts: [{ name: 'work', mountPath: workDir }],
  };
}

/** Pod of a job; the last of its verbs is its only container that is no step before. */
export function jobPod(job: ModelJob): types.input.core.v1.PodSpec & { containers: types.input.core.v1.Container[] } {
  const steps = jobSteps[job.kind].map((verb) => container(verb, job));
  return {
    serviceAccountName: job.serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    securityContext: podSecurity,
    ...(steps.length > 1 ? { initContainers: steps.slice(0, -1) } : {}),
    containers: steps.slice(-1),
    // Ends with the pod: what is to stay is in the registry.
    volumes: [{ name: 'work', emptyDir: { sizeLimit: '8Gi' } }],
  };
}

/** Runs a job by the clock, never twice at once; the next run is the second chance, so a failed one is not repeated. */
export const modelJobSpec = (
  job: ModelJob & { readonly kind: ScheduledKind },
  schedule: string,
): types.input.batch.v1.CronJobSpec => ({
  schedule,
  timeZone: 'Etc/UTC',
  concurrencyPolicy: 'Forbid',
  startingDeadlineSeconds: 600,
  successfulJobsHistoryLimit: 3,
  failedJobsHistoryLimit: 3,
  jobTemplate: {
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: mostS,
      ttlSecondsAfterFinished: 7 * 24 * 3600,
      template: { metadata: { labels: labelsOf(job.model, 'job') }, spec: jobPod(job) },
    },
  },
});
