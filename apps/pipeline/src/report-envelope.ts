import { gateReportSchema } from '@repo/contract/gate-report';
import { nameSchema } from '@repo/contract/name';
import { previewReportSchema } from '@repo/contract/preview-report';
import { z } from 'zod';

/** Name of the file in an artifact. */
export const envelopeFile = 'envelope.json';

/** A commit's name in git. */
export const commitSchema = z.string().regex(/^[0-9a-f]{40}$/, { error: '40 hexadecimal digits, a commit' });

const model = z.union([
  z.strictObject({ model: nameSchema, report: gateReportSchema }),
  /** Why there is no report, in words for people. */
  z.strictObject({ model: nameSchema, problem: z.string().min(1).max(4000) }),
]);

/**
 * envelope.json: what the run of a pull request leaves for the run that may write. It is made by the code of the pull request, so nothing in it is
 * believed: the commit must be the one that the trusted run was started for, and the pull request is looked up by it.
 */
export const envelopeSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    headSha: commitSchema,
    pullRequest: z.int().min(1).nullable(),
    models: z.array(model).max(100),
    /** What the programs of infra/ declare, and what the policies find; left out where none was rendered. */
    preview: previewReportSchema.optional(),
  })
  .refine(({ models, preview }) => models.length > 0 || preview !== undefined, {
    error: 'at least one model, or a preview',
    path: ['models'],
  });
export type Envelope = z.infer<typeof envelopeSchema>;
export type EnvelopeModel = Envelope['models'][number];
