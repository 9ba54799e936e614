import { z } from 'zod';
import { gateNames } from './gate-name.ts';
import { nameSchema } from './name.ts';

/** What a gate or one of its checks found. Only `fail` and `inconclusive` keep a candidate from promotion, only `fail` from a merge. */
export const Outcome = {
  pass: 'pass',
  warn: 'warn',
  fail: 'fail',
  inconclusive: 'inconclusive',
  notApplicable: 'not-applicable',
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const text = z.string().max(2000);
const number = z.number().nullable();
const interval = z.tuple([z.number(), z.number()]).nullable();
const points = z.array(z.tuple([z.number(), z.number()])).max(500);

const check = z.strictObject({
  /** What was looked at, such as `carrier EV` or `AUC`. */
  name: text,
  outcome: z.enum(Outcome),
  value: number,
  /** 95 % unless the gate's page says otherwise; null where nothing is estimated. */
  interval,
  /** Where the good side ends, and which side that is; null for a check that is no comparison of numbers. */
  limit: z.strictObject({ good: z.enum(['at most', 'at least']), at: z.number() }).nullable(),
  unit: z.string().max(20),
  /** One sentence: what was found, and what to do where it is not good. */
  detail: text,
});

const gate = z.strictObject({
  gate: z.enum(gateNames),
  outcome: z.enum(Outcome),
  /** One sentence for the table of a pull request. */
  summary: text,
  checks: z.array(check).max(500),
});

const side = z.strictObject({ digest, version: z.int().min(1).nullable() });

/**
 * Numbers that the pictures of the HTML page are drawn from, as x and y; empty or null where there is nothing to draw. ROC: false and true positive rate.
 * Calibration: mean predicted probability and observed share of a bin. Latency: a share of the rows, and the time in ms that it takes at most.
 */
const pictures = z.strictObject({
  roc: z.strictObject({ candidate: points, champion: points.nullable() }).nullable(),
  calibration: z.strictObject({ candidate: points, champion: points.nullable() }).nullable(),
  latencyMs: z.strictObject({ candidate: points, champion: points.nullable() }).nullable(),
});

/** report.json: what the gates found about one candidate. All other forms are renderings of it. No clock, no host, no commit. */
export const gateReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  question: text,
  candidate: side,
  champion: side.nullable(),
  /** The test rows that everything was decided on. */
  evaluation: z.strictObject({ digest, rows: z.int().min(0), days: z.int().min(0), from: text, to: text }),
  /** The primary metric; `gain` is positive when the candidate is better, and so are the bounds. Null without a champion. */
  primary: z.strictObject({
    metric: z.string().max(40),
    /** Null where the candidate cannot be run. */
    candidate: number,
    champion: number,
    gain: z.strictObject({ estimate: z.number(), lower: z.number(), upper: z.number(), margin: z.number() }).nullable(),
  }),
  gates: z.array(gate).min(1).max(gateNames.length),
  waivers: z.array(z.strictObject({ gate: z.enum(gateNames), reason: text, approver: text, expires: z.iso.date() })),
  pictures,
});

export type GateReport = z.infer<typeof gateReportSchema>;
export type GateResult = GateReport['gates'][number];
export type GateCheck = GateResult['checks'][number];
