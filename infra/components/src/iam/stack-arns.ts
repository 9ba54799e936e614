import { physicalName, tagsOf } from '../naming.ts';
import { Stack } from '../stack.ts';

/** Where a stack lives, as ARNs spell it. */
export interface Place {
  readonly stack: Stack;
  /** Number of the AWS account, 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** What a stack's things are called in ARNs. What is not named by physicalName is not covered, and so a role may not touch it. */
export function stackArns({ stack, account, region }: Place) {
  const named = physicalName(stack, '*');
  const here = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;
  const iam = (rest: string): string => `arn:aws:iam::${account}:${rest}`;
  return {
    here,
    roles: iam(`role/${named}`),
    /** Role of the cluster's control plane. */
    controlPlane: iam(`role/${physicalName(stack, 'control-plane')}`),
    /** The roles that GitHub's jobs take, which none of them may change. */
    githubRoles: iam(`role/${physicalName(stack, 'github-*')}`),
    boundary: iam(`policy/${boundaryName(stack)}`),
    policies: iam(`policy/${named}`),
    oidcProviders: iam('oidc-provider/*'),
    buckets: `arn:aws:s3:::${named}`,
    /** Registry and prediction logs; `PrivateBucket` names it. */
    artifactBucket: `arn:aws:s3:::${physicalName(stack, `artifacts-${account}`)}`,
    stateBucket: `arn:aws:s3:::${stateBucketName(stack, account)}`,
    /** What Pulumi knows of every other stack, in whatever account. */
    otherStateBuckets: others(stack).map((other) => `arn:aws:s3:::${stateBucketName(other, '*')}`),
    otherStateKeys: others(stack).map(stateKeyAlias),
    repositories: here('ecr', `repository/${named}`),
    secrets: here('secretsmanager', `secret:${named}`),
    clusters: here('eks', `*/${named}`),
    caches: here('elasticache', `*:${named}`),
    logGroups: [here('logs', `log-group:/aws/eks/${named}`), here('logs', `log-group:${named}`)],
    keys: here('kms', 'key/*'),
    keyAliases: here('kms', `alias/${named}`),
    stateKey: stateKeyAlias(stack),
  } as const;
}

const others = (stack: Stack): Stack[] => Object.values(Stack).filter((other) => other !== stack);

/** Keys have numbers for names; what they are tagged with says whose they are. */
export const ownTags = (stack: Stack) => ({
  'aws:ResourceTag/product': tagsOf(stack, '').product,
  'aws:ResourceTag/stack': stack,
});

/** Name of the bound of all roles of a stack. */
export const boundaryName = (stack: Stack): string => physicalName(stack, 'boundary');

/** Name of the bucket that holds what Pulumi knows of a stack; made by hand before anything else, see docs/environments.md. */
const stateBucketName = (stack: Stack, account: string): string => physicalName(stack, `pulumi-${account}`);

/** Alias of the key that encrypts secrets in that bucket; made by hand with it. */
const stateKeyAlias = (stack: Stack): string => `alias/${physicalName(stack, 'pulumi')}`;
