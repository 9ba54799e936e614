import { disruptionBudget } from './disruption-budget.ts';
import { encryptionAtRest } from './encryption-at-rest.ts';
import { pinnedImages } from './pinned-images.ts';
import { plainTraffic } from './plain-traffic.ts';
import { podSecurity } from './pod-security.ts';
import type { Policy } from './policy.ts';
import { probes } from './probes.ts';
import { publicAccess } from './public-access.ts';
import { resourceLimits } from './resource-limits.ts';
import { tags } from './tags.ts';
import { wildcardIam } from './wildcard-iam.ts';

/** Every policy, in the order in which reports show them. */
export const allPolicies: readonly Policy[] = [
  encryptionAtRest,
  publicAccess,
  plainTraffic,
  wildcardIam,
  pinnedImages,
  podSecurity,
  resourceLimits,
  probes,
  disruptionBudget,
  tags,
];
