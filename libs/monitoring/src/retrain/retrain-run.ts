import { nameSchema } from '@repo/contract/name';
import { splitSchema } from '@repo/contract/split';
import { z } from 'zod';

/** Why a model is trained again. `asked`: a person said so. */
export const Trigger = {
  contractChange: 'contract-change',
  quality: 'quality',
  estimate: 'estimate',
  drift: 'drift',
  volume: 'volume',
  schedule: 'schedule',
  asked: 'asked',
} as const;
export type Trigger = (typeof Trigger)[keyof typeof Trigger];

const text = z.string().max(1000);

/** `<state>/retrain/<model>/runs/<number>.json`: who made it owns the run until it ends or the lease does. Written once. */
export const runClaimSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  number: z.int().min(1),
  /** The moment that it decided for: what cool-down and budget count by. */
  startedUs: z.int(),
  /** A run that has not ended by then, by the clock, counts as killed. */
  leaseUntilUs: z.int(),
  /** Who runs it, for people: a page of GitHub, or a host and a checkout on it. */
  by: text,
  trigger: z.enum(Trigger),
  reasons: z.array(text),
  window: splitSchema,
  /** The killed run that this one goes on with; null for one of its own. */
  resumes: z.int().min(1).nullable(),
});
export type RunClaim = z.infer<typeof runClaimSchema>;

/** How a run ended. `stopped`: by a gate; `given-up`: its owner was killed and whoever came next knew; `failed`: it could not go on. */
export const RunOutcome = {
  proposed: 'proposed',
  stopped: 'stopped',
  inconclusive: 'inconclusive',
  failed: 'failed',
  givenUp: 'given-up',
} as const;
export type RunOutcome = (typeof RunOutcome)[keyof typeof RunOutcome];

/** `<state>/retrain/<model>/ends/<number>.json`. Written once. */
export const runEndSchema = z.strictObject({
  schemaVersion: z.literal(1),
  number: z.int().min(1),
  /** By the clock. */
  endedUs: z.int(),
  outcome: z.enum(RunOutcome),
  /** Version in the registry; null where nothing was registered. */
  version: z.int().min(1).nullable(),
  pullRequest: z.string().max(500).nullable(),
  detail: text,
});
export type RunEnd = z.infer<typeof runEndSchema>;

/** A run and, once it has one, its end. */
export interface RetrainRun {
  readonly claim: RunClaim;
  readonly end: RunEnd | null;
}

/** Whether a run is still going on by the clock: not ended, and within its lease. */
export const isRunning = ({ claim, end }: RetrainRun, clockUs: number): boolean =>
  end === null && clockUs < claim.leaseUntilUs;

const unfinished: readonly RunOutcome[] = [RunOutcome.givenUp, RunOutcome.failed];

/** Whether a run was killed or broke off: it can be gone on with. */
export const isUnfinished = ({ claim, end }: RetrainRun, clockUs: number): boolean =>
  end === null ? clockUs >= claim.leaseUntilUs : unfinished.includes(end.outcome);
