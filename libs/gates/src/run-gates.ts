import { type GateName, nightlyGates } from '@repo/contract/gate-name';
import { type GateReport, type GateResult, gateReportSchema } from '@repo/contract/gate-report';
import type { StepProgress } from '@repo/training/step-progress';
import { allGates } from './all-gates.ts';
import type { Evidence, Side } from './evidence.ts';
import type { Gate } from './gate.ts';
import { picturesOf } from './pictures-of.ts';
import { primaryOf } from './primary-of.ts';
import { runGate } from './run-gate.ts';

/** How to run the gates. */
export interface RunGatesOptions {
  /** Also run the gates that take long. */
  nightly: boolean;
  progress: StepProgress;
  /** Default all gates. */
  gates?: readonly Gate[];
}

const sideOf = ({ digest, version }: Side) => ({ digest, version });
const at = (timeUs: number) => new Date(timeUs / 1000).toISOString();

function evaluationOf({ tables, evaluationDigest }: Evidence): GateReport['evaluation'] {
  const { timesUs, matrix } = tables.test;
  const sorted = timesUs.toSorted();
  const days = new Set(Array.from(timesUs, (time) => Math.floor(time / 86_400e6))).size;
  return {
    digest: evaluationDigest,
    rows: matrix.rows,
    days,
    from: at(sorted[0] as number),
    to: at(sorted.at(-1) as number),
  };
}

/**
 * Runs the gates on the evidence and writes down what they found. A gate that throws fails, and never keeps the others from running; the report
 * says nothing of the day, so that the same evidence makes the same report.
 */
export async function runGates(evidence: Evidence, options: RunGatesOptions): Promise<GateReport> {
  const { nightly, progress, gates = allGates } = options;
  const chosen = gates.filter(({ name }) => nightly || !(nightlyGates as readonly GateName[]).includes(name));
  const results: GateResult[] = [];
  progress.start('gates', chosen.length);
  for (const gate of chosen) {
    results.push(await runGate(gate, evidence));
    progress.update(results.length, gate.name);
  }
  const { model, candidate, champion } = evidence;
  return gateReportSchema.parse({
    schemaVersion: 1,
    model: model.name,
    question: model.question,
    candidate: sideOf(candidate),
    champion: champion === null ? null : sideOf(champion),
    evaluation: evaluationOf(evidence),
    primary: primaryOf(evidence),
    gates: results,
    waivers: model.gates.waivers,
    pictures: await picturesOf(evidence),
  });
}
