import { z } from 'zod';
import { nameSchema } from './name.ts';

const text = z.string().max(2000);
const key = z.string().min(1).max(500);
const stack = z.string().regex(/^[a-z]{1,20}$/, { error: 'lower-case letters, such as prod' });

const property = z.strictObject({
  /** Such as `spec.replicas`. */
  path: key,
  /** As JSON, cut where it is long; null where the property was not there. A secret is `[secret]`. */
  before: text.nullable(),
  /** The same after the change. */
  after: text.nullable(),
});

const change = z.strictObject({
  kind: z.enum(['added', 'removed', 'changed']),
  /** Type and name, such as `aws:s3/bucket:Bucket artifacts`. */
  resource: key,
  /** Those that differ; of an added or removed resource all of them. */
  properties: z.array(property).max(500),
});

const finding = z.strictObject({ policy: nameSchema, resource: key, problem: text });

const rendered = z.strictObject({
  program: nameSchema,
  stack,
  /** How many resources it declares. */
  resources: z.int().min(0),
  changes: z.array(change).max(2000),
  /** How many properties and changes were left out, since there were too many. */
  leftOut: z.int().min(0),
  violations: z.array(finding).max(1000),
  /** Findings that a suppression bears, with its reason and last day. */
  borne: z.array(finding.extend({ reason: text, until: z.iso.date() })).max(1000),
});

/** A program that could not be rendered, and why in words for people. */
const failed = z.strictObject({ program: nameSchema, stack, problem: z.string().min(1).max(4000) });

/**
 * preview.json: what programs declare, against what they declared at a commit, and what the policies find. Rendered without a cloud, so it holds
 * neither what exists nor what a provider would refuse. No clock, no host.
 */
export const previewReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Commit that it is compared with; null for none. Why that one could not be rendered stands in `problem`. */
  base: z.strictObject({ commit: z.string().min(1).max(100), problem: z.string().max(4000).nullable() }).nullable(),
  programs: z.array(z.union([rendered, failed])).max(50),
});
export type PreviewReport = z.infer<typeof previewReportSchema>;
export type RenderedProgram = z.infer<typeof rendered>;
export type FailedProgram = z.infer<typeof failed>;
export type ResourceChange = z.infer<typeof change>;

/** Whether a pull request with this report may merge: everything was rendered, and no policy found anything that is not borne. */
export const previewPasses = ({ programs }: PreviewReport): boolean =>
  programs.every((one) => !('problem' in one) && one.violations.length === 0);
