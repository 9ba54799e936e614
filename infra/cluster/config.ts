import { cidrSchema, isNarrow, networkCidrSchema } from '@repo/components/cidr-schema';
import { ClusterAccess } from '@repo/components/cluster-access';
import { type EksVersion, eksVersions } from '@repo/components/eks-addons';
import { nodeGroupsSchema } from '@repo/components/node-groups';
import { accountSchema, regionSchema } from '@repo/components/place-schema';
import { Stack } from '@repo/components/stack';
import { z } from 'zod';

const autoscaler = 'registry.k8s.io/autoscaling/cluster-autoscaler';
/** An image whose bytes are fixed. Zeros stand for a digest that nobody looked up. */
const imageSchema = z
  .unknown()
  .superRefine((image, context) => {
    const isPinned = typeof image === 'string' && /^\S+@sha256:[0-9a-f]{64}$/.test(image);
    if (isPinned && !/:0{64}$/.test(image)) return;
    const allowed = isPinned
      ? 'the digest of an image, which all zeros are not'
      : 'an image by digest, <name>@sha256:<64 hex digits>';
    const action = `look it up: docker buildx imagetools inspect ${autoscaler}:<release of the minor version in cluster:kubernetes>`;
    context.addIssue({ code: 'custom', message: allowed, params: { allowed, action } });
  })
  .transform(String);
const roleSchema = z.string().regex(/^arn:aws:iam::\d{12}:role\/\S+$/, 'the ARN of a role');
const versions = Object.keys(eksVersions) as [EksVersion, ...EksVersion[]];
const levels = Object.keys(ClusterAccess) as [ClusterAccess, ...ClusterAccess[]];
const operators = z
  .record(z.string(), z.strictObject({ roleArn: roleSchema, level: z.enum(levels) }))
  .refine((all) => Object.values(all).some(({ level }) => level === 'admin'), 'at least one with level admin');

const cloud = z.strictObject({
  account: accountSchema,
  region: regionSchema,
  /** Last letters of three zones of the region. */
  zones: z
    .array(z.string().regex(/^[a-z]$/, 'the letter of a zone'))
    .length(3)
    .default(['a', 'b', 'c']),
  network: networkCidrSchema,
  /** Who may reach the endpoint of the cluster over the internet. None: nobody, and jobs need a runner within the network. */
  endpointCidrs: z.array(cidrSchema).default([]),
  natGateways: z.enum(['one', 'per-zone']).default('one'),
  kubernetes: z.enum(versions).default('v1.34'),
  nodeGroups: nodeGroupsSchema.default({
    general: { instanceTypes: ['m7i.large', 'm6i.large'], minNodes: 2, maxNodes: 4, spot: false },
  }),
  /** Of the same minor version as kubernetes. */
  autoscalerImage: imageSchema,
  /** Roles of people, by name. Who makes the cluster must be an admin among them. */
  operators,
  /** `owner/name`; where jobs that deploy run. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, '<owner>/<name> of the repository on GitHub'),
  /** Whether this stack is the one of its account that makes it trust GitHub's tokens. */
  trustsGithub: z.boolean().default(true),
  /** Where callers find the models, and the zone of Route 53 that holds the name. */
  domain: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a name such as models.example.com'),
  zoneId: z.string().regex(/^Z[A-Z0-9]+$/, 'the id of a hosted zone, Z...'),
  callerCidrs: z.array(cidrSchema).min(1).default(['0.0.0.0/0']),
  logDays: z.union([30, 90, 365].map((days) => z.literal(days))).default(30),
});

/** Keeps production's endpoint from the whole internet, and from two halves of it. */
const guarded = cloud.superRefine(({ endpointCidrs }, context) => {
  for (const [index, text] of endpointCidrs.entries()) {
    if (isNarrow(text)) continue;
    const params = {
      allowed: 'blocks of /16 or narrower in prod',
      action: 'name the addresses of your network, or none',
    };
    context.addIssue({ code: 'custom', path: ['endpointCidrs', index], message: params.allowed, params });
  }
});

/** Configuration of the program cluster on AWS. */
export type ClusterConfig = z.output<typeof cloud>;

/** What Pulumi.<stack>.yaml may say. The stack local needs nothing: it takes the cluster that KUBECONFIG names. */
export const clusterConfig = (stack: Exclude<Stack, 'local'>): z.ZodType<ClusterConfig> =>
  stack === Stack.prod ? guarded : cloud;

/** The stack local has nothing to configure. */
export const localConfig = z.strictObject({});
