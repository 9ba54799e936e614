import { nameSchema } from '@repo/contract/name';
import { z } from 'zod';

const sha256Form = /^[0-9a-f]{64}$/;
const digestForm = /^sha256:[0-9a-f]{64}$/;

/** Who may ask which models. Digests of random keys, so that who may is reviewed like everything else; see Access in docs/serving.md. */
const apiKey = z.strictObject({
  id: nameSchema,
  sha256: z.string().regex(sha256Form, { error: '64 hexadecimal digits, the SHA-256 of a key' }),
  models: z.array(z.string()).min(1),
  requestsPerMinute: z.int().min(1).optional(),
});

/** Configuration of the program serving. */
export const servingConfig = z.strictObject({
  /** Of the image, in the repository that storage names. Default, on the stack local alone: what `npm run build` built last. */
  imageDigest: z.string().regex(digestForm, { error: 'a digest such as sha256:9f86d0...' }).optional(),
  apiKeys: z.array(apiKey).min(1),
  /** The first model by name gets this port of every node, the next the next. Default: models answer inside the cluster alone. */
  firstNodePort: z.int().min(30_000).max(32_767).optional(),
  /** Address ranges that may ask, beside labelled namespaces: those of the load balancer. */
  callerCidrs: z.array(z.cidrv4()).default([]),
  /** Whether KEDA scales models by requests in flight. Without it each runs with the smallest number of its replicas. */
  autoscale: z.boolean().default(true),
  /** Seconds that each step of a canary is held. */
  holdS: z.int().min(1).default(300),
  /** Part of each model's processors that is reserved; less than 1 only where many pods share one small machine. */
  cpuRequestShare: z.number().gt(0).max(1).default(1),
  /** Seconds within which a rollout must come further, before `up` gives it up and says what its pods say. */
  patienceS: z.int().min(1).default(600),
});
