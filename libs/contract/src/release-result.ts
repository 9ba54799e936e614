import { z } from 'zod';
import { judgementSchema } from './judgement.ts';
import { championSchema } from './manifest.ts';
import { nameSchema } from './name.ts';

/** How a release ended: the new side serves all; the side before does again; or nobody has decided, and both still serve. */
export const ReleaseOutcome = { promoted: 'promoted', rolledBack: 'rolled-back', undecided: 'undecided' } as const;
export type ReleaseOutcome = (typeof ReleaseOutcome)[keyof typeof ReleaseOutcome];

const side = z.strictObject({
  /** Hash that Argo Rollouts labels the pods of this side with. */
  podHash: z.string().max(63),
  /** What its champion.json pins; null where the cluster does not say any more. */
  champion: championSchema.nullable(),
  image: z.string().max(500),
});

/** What `causeway watch <model> --json` prints once a release has ended, for the workflow that acts on it. */
export const releaseResultSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  outcome: z.enum(ReleaseOutcome),
  /** One sentence for people: why it ended so. */
  reason: z.string().max(2000),
  /** What served before; null when it is the first release. */
  from: side.nullable(),
  to: side,
  /** What somebody did to it by hand on the way; empty when nobody did. */
  byHand: z.array(z.string().max(500)).max(50),
  /** The newest judgement; null when none was made, as when no pod became ready. */
  judgement: judgementSchema.nullable(),
  /** When it was looked at first and last; ISO 8601. */
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
});

export type ReleaseResult = z.output<typeof releaseResultSchema>;
export type ReleaseSide = ReleaseResult['to'];
