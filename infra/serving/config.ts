import { jobSteps, type ScheduledKind } from '@repo/components/model-job-spec';
import { durationSchema } from '@repo/contract/duration';
import { nameSchema } from '@repo/contract/name';
import { releasePolicySchema } from '@repo/contract/release-policy';
import { z } from 'zod';

const sha256Form = /^[0-9a-f]{64}$/;
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: 'a digest such as sha256:9f86d0...' });

const cron = z
  .string()
  .regex(/^\S+( \S+){4}$/, { error: 'five fields of cron' })
  .optional();
const { ingest: _, ...scheduled } = jobSteps;

/** By kind of job, when it runs, as cron writes it, in UTC; `ingest` takes the stream of its source all the time, or not at all. */
const schedules = z.strictObject({
  ...(Object.fromEntries(Object.keys(scheduled).map((kind) => [kind, cron])) as Record<ScheduledKind, typeof cron>),
  ingest: z.literal(true).optional(),
});

/** Who may ask which models. Digests of random keys, so that who may is reviewed like everything else; see Access in docs/serving.md. */
const apiKey = z.strictObject({
  id: nameSchema,
  sha256: z.string().regex(sha256Form, { error: '64 hexadecimal digits, the SHA-256 of a key' }),
  models: z.array(z.string()).min(1),
  requestsPerMinute: z.int().min(1).optional(),
});

/** Configuration of the program serving. */
export const servingConfig = z.strictObject({
  /** Of the image, in the repository that storage names. Default: the one of the last `up`; on the stack local what `npm run build` built last. */
  imageDigest: digest.optional(),
  apiKeys: z.array(apiKey).min(1),
  /** By model, the port of every node at which a load balancer or this machine reaches it. Default: one derived from its name. */
  nodePorts: z.record(nameSchema, z.int().min(30_000).max(32_767)).default({}),
  /** Where requests come from at the nodes, beside labelled namespaces: on AWS the network of the cluster. */
  callerCidrs: z.array(z.cidrv4()).min(1),
  /** Whether KEDA scales models by requests in flight. Without it each runs with the smallest number of its replicas. */
  autoscale: z.boolean().default(true),
  /** Where a judge of canaries answers that runs elsewhere, as on this machine for the stack local. Default: one runs in the cluster. */
  judgeUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** The API of the cluster, as the controller of Argo Rollouts reaches it. Default: as every pod does. */
  clusterUrl: z.url({ protocol: /^https$/ }).default('https://kubernetes.default.svc'),
  /** What of the release of every model differs in this stack. Default: nothing. */
  release: z
    .strictObject({
      steps: releasePolicySchema.shape.steps.optional(),
      look: durationSchema.optional(),
      deadline: durationSchema.optional(),
    })
    .default({}),
  /** Part of each model's processors that is reserved; less than 1 only where many pods share one small machine. */
  cpuRequestShare: z.number().gt(0).max(1).default(1),
  /** Seconds within which a rollout must come further, before it is rolled back and `up` says what its pods say. */
  patienceS: z.int().min(1).default(600),
  /** Kinds of jobs that run for every model. Left out: none does. */
  jobs: schedules.optional(),
  /** Of the image of `causeway` that jobs run. Default, on the stack local alone: what `npm run build -- pipeline` built last. */
  jobsImageDigest: digest.optional(),
});
