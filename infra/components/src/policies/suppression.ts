import { z } from 'zod';
import { Stack } from '../stack.ts';

/** One thing that a policy finds and that is borne for a while: an item of `infra/<program>/suppressions.json`. */
const suppression = z.strictObject({
  /** Name of a policy. */
  policy: z.string().min(1),
  /** Type and name of the resource, such as `aws:s3/bucket:Bucket artifacts`. */
  resource: z.string().regex(/^\S+ \S+$/, { error: 'a type and a name, such as aws:s3/bucket:Bucket artifacts' }),
  /** Where it is borne; everywhere when left out. */
  stacks: z.array(z.enum(Stack)).min(1).optional(),
  /** Why it is borne, for whoever reads the report. */
  reason: z.string().min(10),
  /** Last day on which it counts, at most 180 days ahead. */
  until: z.iso.date(),
});
export type Suppression = z.output<typeof suppression>;

export const suppressionsSchema = z.array(suppression);
