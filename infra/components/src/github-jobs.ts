import { deployPolicy } from './iam/deploy-policy.ts';
import { imagePushPolicy } from './iam/image-push-policy.ts';
import type { PolicyDocument } from './iam/policy-document.ts';
import { previewPolicy } from './iam/preview-policy.ts';
import { releasePolicy } from './iam/release-policy.ts';
import type { Place } from './iam/stack-arns.ts';
import type { Stack } from './stack.ts';

/** A kind of job on GitHub that works on a stack. */
interface GithubJobKind {
  /**
   * How GitHub names such a job after the repository: by an environment, whose rules say which branches start it and who approves, or by
   * the branch that it runs for.
   */
  readonly subject: (stack: Stack) => string;
  readonly policy: (place: Place, zoneId: string) => PolicyDocument;
  /** Longest a job takes; a cluster takes a quarter of an hour, and its groups as long; a canary has an hour and is followed to its end. */
  readonly maxSessionSeconds: number;
}

/** Kinds of jobs, each with a role of its own for each stack. */
export const githubJobs = {
  preview: { subject: (stack) => `environment:${stack}-preview`, policy: previewPolicy, maxSessionSeconds: 2 * 3600 },
  deploy: { subject: (stack) => `environment:${stack}`, policy: deployPolicy, maxSessionSeconds: 2 * 3600 },
  release: { subject: (stack) => `environment:${stack}-release`, policy: releasePolicy, maxSessionSeconds: 3600 },
  image: { subject: () => 'ref:refs/heads/main', policy: imagePushPolicy, maxSessionSeconds: 3600 },
} as const satisfies Record<string, GithubJobKind>;

export type GithubJob = keyof typeof githubJobs;
