import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, FindingKind, type MonitorFindings } from '@repo/contract/monitor-findings';

const finding = (kind: FindingKind, name: string, subject: string | null, value: number): Finding => ({
  ...{ kind, name, subject, value, interval: null, limit: { good: 'at most', at: 0.25 } as const, importance: null },
  outcome: value > 0.25 ? 'page' : 'ok',
  reason: 'Planted.',
});

/** Findings of every kind, as a run of `causeway monitor` leaves them in a state. */
export function plantFindings(stateDir: string, model: string): void {
  const findings: MonitorFindings = {
    schemaVersion: 1,
    model,
    // Of now: the dashboard shows how old they are.
    at: `${new Date().toISOString().slice(0, 19)}Z`,
    window: { from: '2013-12-23T00:00:00Z', to: '2013-12-24T00:00:00Z', rows: 900 },
    version: '1',
    findings: [
      finding(FindingKind.model, 'logLoss', null, 0.24),
      finding(FindingKind.system, 'traffic', null, 0.2),
      finding(FindingKind.data, 'psi', 'departure_hour', 0.31),
      finding(FindingKind.data, 'psi', 'plane_age', 0.02),
      finding(FindingKind.business, 'missedDelayCost', null, 0.1),
    ],
  };
  const folder = join(stateDir, 'monitor', model);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), JSON.stringify(findings));
}
