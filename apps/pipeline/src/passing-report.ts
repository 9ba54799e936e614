import type { GateReport } from '@repo/contract/gate-report';
import { gateReportSchema } from '@repo/contract/gate-report';
import { gateReportProblems } from '@repo/contract/gate-report-problems';
import { type GateVerdict, gateVerdict } from '@repo/contract/gate-verdict';
import { InputError } from '@repo/contract/input-error';
import type { Champion } from '@repo/contract/manifest';
import { StageFailure } from '@repo/contract/stage-failure';
import { checkEvidence } from '@repo/registry/evidence-name';
import type { Registry, Version } from '@repo/registry/registry';

/** A report that lets its candidate be promoted today. */
export interface PassingReport {
  readonly report: GateReport;
  readonly verdict: GateVerdict;
  /** The bytes that were weighed. */
  readonly content: Uint8Array;
}

/** Why a verdict is no pass: the gates that decide, and waivers that no longer hold. */
function reasonsOf({ outcome, blocking, refused }: GateVerdict): string {
  const gates = blocking.map(({ gate, outcome: its, summary }) => `${gate} (${its}): ${summary}`);
  const waivers = refused.map(({ waiver, why }) => `the waiver of ${waiver.gate} does not hold: ${why}`);
  return `${outcome}\n${[...gates, ...waivers].map((line) => `  ${line}`).join('\n')}`;
}

/** The report attached to a version. Throws InputError for one that is damaged, contradicts itself or is about another bundle or model. */
async function attachedReport(registry: Registry, version: Version): Promise<Omit<PassingReport, 'verdict'>> {
  const { model, version: number } = version;
  const attached = await registry.evidence(model, number, 'report.json');
  if (attached === null) {
    throw new StageFailure(
      `${model} version ${number} has no report: run causeway gate ${model}, then causeway register ${model}, which attaches it`,
    );
  }
  checkEvidence('report.json', attached.content, version);
  const report = gateReportSchema.parse(JSON.parse(new TextDecoder().decode(attached.content)));
  const problems = gateReportProblems(report);
  if (problems.length > 0) {
    const at = `report.json of ${model} version ${number}`;
    throw new InputError(problems.map((problem) => ({ ...problem, path: `${at}: ${problem.path}` })));
  }
  return { report, content: attached.content };
}

/**
 * The report by which a version may become the champion. Throws StageFailure with the reason when there is none, when it compares with another
 * champion than the one to be replaced, and when its verdict today is no pass: inconclusive may merge, not be promoted.
 */
export async function passingReport(
  registry: Registry,
  version: Version,
  champion: Champion | null,
  todayMs: number,
): Promise<PassingReport> {
  const { model, version: number } = version;
  const { report, content } = await attachedReport(registry, version);
  if ((report.champion?.digest ?? null) !== (champion?.digest ?? null)) {
    const compared = report.champion === null ? 'no champion' : `the champion ${report.champion.digest}`;
    const now =
      champion === null ? 'there is none' : `version ${champion.version}, ${champion.digest}, is the champion`;
    throw new StageFailure(
      `the report of ${model} version ${number} compares with ${compared}; now ${now}: run causeway gate ${model} and causeway register ${model} again`,
    );
  }
  const verdict = gateVerdict(report, todayMs);
  if (verdict.outcome === 'pass') return { report, verdict, content };
  throw new StageFailure(`${model} version ${number} may not be promoted: its gates say ${reasonsOf(verdict)}`);
}
