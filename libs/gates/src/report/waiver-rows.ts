import type { GateReport } from '@repo/contract/gate-report';
import type { GateVerdict } from '@repo/contract/gate-verdict';

/** A waiver of a report and what it does on the day. */
export interface WaiverRow {
  gate: string;
  /** `in force`, `refused: why`, or `not needed` where its gate is good. */
  state: string;
  /** Last day, UTC. */
  expires: string;
  approver: string;
  reason: string;
}

/** Every waiver of a report: those in force first, since they are why something red does not block, then those refused. */
export function waiverRows(report: GateReport, { waived, refused }: GateVerdict): WaiverRow[] {
  type ReportWaiver = GateReport['waivers'][number];
  const row = (state: string) => (waiver: ReportWaiver) => ({ ...waiver, state });
  const same = (a: ReportWaiver) => (b: ReportWaiver) =>
    a.gate === b.gate && a.expires === b.expires && a.reason === b.reason;
  const unneeded = report.waivers.filter(
    (waiver) => !waived.some(same(waiver)) && !refused.some(({ waiver: other }) => same(waiver)(other)),
  );
  return [
    ...waived.map(row('in force')),
    ...refused.map(({ waiver, why }) => row(`refused: ${why}`)(waiver)),
    ...unneeded.map(row('not needed')),
  ];
}
