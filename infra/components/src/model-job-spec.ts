import type { types } from '@pulumi/kubernetes';
import { labelsOf } from './naming.ts';
import { containerSecurity, podSecurity } from './pod-security.ts';

/** Stages that can run by the clock: verbs of `causeway` that need nothing but the name of a model. */
export const JobStage = { validate: 'validate', features: 'features', train: 'train', gate: 'gate' } as const;
export type JobStage = (typeof JobStage)[keyof typeof JobStage];

/** One stage of one model, and what it runs in. */
export interface ModelJob {
  readonly model: string;
  readonly stage: JobStage;
  /** As cron writes it, in UTC. */
  readonly schedule: string;
  /** Of an image whose entry point is `causeway`, by digest. */
  readonly image: string;
  readonly serviceAccount: string;
  /** CAUSEWAY_STATE. */
  readonly stateUrl: string;
}

/** Longest time that a stage may take: training takes minutes, and one that hangs would keep the next from starting. */
const mostS = 3600;
const memory = '4Gi';

/** By which the pods of jobs are found, and those of services are not. */
export const jobSelector = (model: string): Record<string, string> => ({
  'app.kubernetes.io/name': model,
  'app.kubernetes.io/component': 'job',
});

const pod = ({ model, stage, image, serviceAccount, stateUrl }: ModelJob): types.input.core.v1.PodSpec => ({
  serviceAccountName: serviceAccount,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  restartPolicy: 'Never',
  securityContext: podSecurity,
  containers: [
    {
      name: stage,
      image,
      imagePullPolicy: 'IfNotPresent',
      args: [stage, model, '--json'],
      env: [{ name: 'CAUSEWAY_STATE', value: stateUrl }],
      resources: { requests: { cpu: '1', memory }, limits: { cpu: '2', memory } },
      securityContext: containerSecurity,
      volumeMounts: [{ name: 'work', mountPath: '/app/.causeway' }],
    },
  ],
  volumes: [{ name: 'work', emptyDir: { sizeLimit: '8Gi' } }],
});

/** Runs a stage by the clock, never twice at once; the next run is the second chance, so a failed one is not repeated. */
export const modelJobSpec = (job: ModelJob): types.input.batch.v1.CronJobSpec => ({
  schedule: job.schedule,
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
      template: { metadata: { labels: labelsOf(job.model, 'job') }, spec: pod(job) },
    },
  },
});
