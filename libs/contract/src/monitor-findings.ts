import { z } from 'zod';
import { nameSchema } from './name.ts';

/** What a finding is about: the model's answers, the service, what it is fed, what its decisions cost. */
export const FindingKind = { model: 'model', system: 'system', data: 'data', business: 'business' } as const;
export type FindingKind = (typeof FindingKind)[keyof typeof FindingKind];

/** `page`: somebody must look now; `warn`: it belongs on the weekly page; `no-verdict`: too little was seen. */
export const FindingOutcome = { ok: 'ok', warn: 'warn', page: 'page', noVerdict: 'no-verdict' } as const;
export type FindingOutcome = (typeof FindingOutcome)[keyof typeof FindingOutcome];

const text = z.string().max(2000);

const finding = z.strictObject({
  kind: z.enum(FindingKind),
  /** What was measured, such as `logLoss`, `psi` or `missedDelayCost`. */
  name: z.string().min(1).max(100),
  /** Of what: a feature, a slice such as `carrier=EV`, a version; null for the model as a whole. */
  subject: z.string().max(200).nullable(),
  value: z.number().nullable(),
  /** 95 %; null where nothing is estimated. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  /** Where the good side ends, and which side that is; null for what is only told. */
  limit: z.strictObject({ good: z.enum(['at most', 'at least']), at: z.number() }).nullable(),
  outcome: z.enum(FindingOutcome),
  /** What was found, and what to do where it is not good: one or two sentences. */
  reason: text,
  /** How much of the model's skill rests on the subject, 0 to 1; null where that is not known or makes no sense. */
  importance: z.number().min(0).max(1).nullable(),
});

/** What `causeway monitor` found at one moment: alerts, reports and the decision to retrain are made from it. */
export const monitorFindingsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  /** What was known up to then was looked at. ISO 8601. */
  at: z.iso.datetime(),
  /** The newest whole window of traffic: from, up to but without `to`. */
  window: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), rows: z.int().min(0) }),
  /** Version that answered most in the newest window with traffic, which the findings are about; null where nobody answered, or it was not noted. */
  version: z.string().max(200).nullable().default(null),
  findings: z.array(finding).max(2000),
});

export type MonitorFindings = z.infer<typeof monitorFindingsSchema>;
export type Finding = MonitorFindings['findings'][number];
