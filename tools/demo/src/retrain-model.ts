import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GateReport, gateReportSchema } from '@repo/contract/gate-report';
import { formatInstant, type InstantUs } from '@repo/contract/instant';
import { splitSchema } from '@repo/contract/split';
import { z } from 'zod';
import type { DemoWorkspace } from './demo-workspace.ts';
import { runCauseway } from './run-causeway.ts';

const retrainSchema = z.object({
  state: z.string(),
  reasons: z.array(z.object({ trigger: z.string(), text: z.string() })),
  guards: z.array(z.object({ guard: z.string(), text: z.string() })),
  window: splitSchema.nullable(),
  run: z.object({ outcome: z.string(), version: z.number().nullable(), detail: z.string() }).nullable(),
});

/** What `causeway retrain` decided and did. */
export interface Retrained {
  readonly at: string;
  readonly decision: z.output<typeof retrainSchema>;
  /** Each gate with what it found; empty where it never came to the gates. */
  readonly gates: readonly { readonly gate: string; readonly outcome: string; readonly summary: string }[];
  readonly primary: GateReport['primary'] | null;
  readonly seconds: number;
}

export interface RetrainOptions {
  readonly workspace: DemoWorkspace;
  readonly atUs: InstantUs;
  /** A person asks for it, for this reason; null: the policy decides. */
  readonly reason: string | null;
  say(line: string): void;
}

/** Lets a model be trained again as of a moment of event time: decision, training, gates and registry are those of `causeway retrain`. */
export async function retrainModel({ workspace, atUs, reason, say }: RetrainOptions): Promise<Retrained> {
  const { root, stateDir, model } = workspace;
  const begun = performance.now();
  const at = formatInstant(atUs);
  const asked = reason === null ? [] : ['--force', '--reason', reason];
  const { json } = await runCauseway({ root, stateDir, say }, ['retrain', model, '--at', at, ...asked]);
  const path = join(workspace.stageDir(model, 'gate'), 'report.json');
  const report = existsSync(path) ? gateReportSchema.parse(JSON.parse(await readFile(path, 'utf8'))) : null;
  return {
    at,
    decision: retrainSchema.parse(json),
    gates: report?.gates.map(({ gate, outcome, summary }) => ({ gate, outcome, summary })) ?? [],
    primary: report?.primary ?? null,
    seconds: (performance.now() - begun) / 1000,
  };
}
